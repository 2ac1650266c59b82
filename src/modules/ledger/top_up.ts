// Money comes in: from outside (`funded`) to what may be spent (`available`).
import { AppError } from '../../base/app_error.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import type { Wallet } from './wallet.ts';

/** Adds `amountMinor` (more than 0) to the account's wallet and gives the wallet. Throws `invalid_request`. Call it in a `write`. */
export async function topUp(ctx: Ctx, input: TopUp): Promise<Wallet> {
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
  const [row] = await query<{
    funded_minor: bigint;
    available_minor: bigint;
    held_minor: bigint;
    spent_minor: bigint;
  }>(ctx.db, topUpSql, [input.accountId, input.currency, input.amountMinor, input.reference, ctx.now]);
  const data = {
    amount: formatMinor(input.amountMinor, input.currency),
    currency: input.currency,
    reference: input.reference,
  };
  await emit(ctx, {
    accountId: input.accountId,
    type: 'balance.topped_up',
    resourceId: input.accountId,
    data,
  });
  return {
    currency: input.currency,
    fundedMinor: row?.funded_minor ?? 0n,
    availableMinor: row?.available_minor ?? 0n,
    heldMinor: row?.held_minor ?? 0n,
    spentMinor: row?.spent_minor ?? 0n,
  };
}

export type TopUp = { accountId: string; currency: string; amountMinor: bigint; reference: string };

const amountMinorMax = 10n ** 13n;

const topUpSql = `
  with moved as (
    insert into ledger.transfers (account_id, currency, debit, credit, amount_minor, reason, reference, created_at)
    values ($1, $2, 'funded', 'available', $3, 'top_up', $4, $5)
  )
  insert into ledger.wallets as w (account_id, currency, funded_minor, available_minor) values ($1, $2, $3, $3)
  on conflict (account_id, currency) do update
    set funded_minor = w.funded_minor + $3, available_minor = w.available_minor + $3
  returning funded_minor, available_minor, held_minor, spent_minor`;
