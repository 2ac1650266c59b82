// Money comes in: from outside (`funded`) to what may be spent (`available`).
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import type { Wallet } from './wallet.ts';

/** Adds `amountMinor` (more than 0) to the account's wallet and gives the wallet. Throws `invalid_request`. Call it in a `write`. */
export async function topUp(ctx: Ctx, input: TopUp): Promise<Wallet> {
  return (await putIn(ctx, input)).wallet;
}

export type TopUp = { accountId: string; currency: string; amountMinor: bigint; reference: string };

export type ToppedUp = {
  wallet: Wallet;
  /** Of the transfer, growing. */
  number: bigint;
};

/** What `topUp` does. */
export async function putIn(ctx: Ctx, input: TopUp): Promise<ToppedUp> {
  checkAmount(input);
  const row = await insertTopUp(ctx, input);
  const { accountId, amountMinor, currency, reference } = input;
  const data = { amount: formatMinor(amountMinor, currency), currency, reference };
  await emit(ctx, { accountId, type: 'balance.topped_up', resourceId: accountId, data });
  return {
    wallet: {
      currency,
      fundedMinor: row.funded_minor,
      availableMinor: row.available_minor,
      heldMinor: row.held_minor,
      spentMinor: row.spent_minor,
    },
    number: row.position,
  };
}

function checkAmount(input: TopUp): void {
  if (input.amountMinor <= 0n || input.amountMinor > amountMinorMax) {
    throw new AppError('invalid_request', 'The amount is out of range.', {
      fields: [
        {
          field: 'amount',
          detail: `give more than 0 and at most ${formatMinor(amountMinorMax, input.currency)}`,
        },
      ],
    });
  }
}

type ToppedUpRow = {
  position: bigint;
  funded_minor: bigint;
  available_minor: bigint;
  held_minor: bigint;
  spent_minor: bigint;
};

async function insertTopUp(ctx: Ctx, input: TopUp): Promise<ToppedUpRow> {
  const { accountId, currency, amountMinor, reference } = input;
  const [row] = await query<ToppedUpRow>(ctx.db, topUpSql, [
    accountId,
    currency,
    amountMinor,
    reference,
    ctx.now,
  ]);
  return present(row, 'the wallet after a top-up');
}

const amountMinorMax = 10n ** 13n;

const topUpSql = `
  with moved as (
    insert into ledger.transfers (account_id, currency, debit, credit, amount_minor, reason, reference, created_at)
    values ($1, $2, 'funded', 'available', $3, 'top_up', $4, $5)
    returning position
  )
  insert into ledger.wallets as w (account_id, currency, funded_minor, available_minor) values ($1, $2, $3, $3)
  on conflict (account_id, currency) do update
    set funded_minor = w.funded_minor + $3, available_minor = w.available_minor + $3
  returning (select position from moved), funded_minor, available_minor, held_minor, spent_minor`;
