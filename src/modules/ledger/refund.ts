// Money spent on something that is given back becomes available again.
import { AppError } from '../../base/app_error.ts';
import { assert } from '../../base/assert.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';

/**
 * Gives back `amountMinor` of what the account has spent; nothing happens for 0. Whoever calls it holds the row that
 * says this was not given back before. Throws `conflict` when the account has not spent as much. Call it in a `write`.
 */
export async function refund(tx: Ctx, input: Refund): Promise<void> {
  const { accountId, currency, amountMinor, reference } = input;
  assert(amountMinor >= 0n, 'a refund gives');
  if (amountMinor === 0n) return;
  const [row] = await query(tx.db, refundSql, [accountId, currency, amountMinor, reference, tx.now]);
  if (!row) throw new AppError('conflict', 'The account has not spent this much: nothing can be given back.');
  const data = { amount: formatMinor(amountMinor, currency), currency, reference };
  await emit(tx, { accountId, type: 'balance.refunded', resourceId: accountId, data });
}

export type Refund = {
  accountId: string;
  currency: string;
  amountMinor: bigint;
  /** What is given back: the id of a bundle or of a lot of them. */
  reference: string;
};

const refundSql = `
  with moved as (
    update ledger.wallets set spent_minor = spent_minor - $3, available_minor = available_minor + $3
    where account_id = $1 and currency = $2 and spent_minor >= $3
    returning 1
  )
  insert into ledger.transfers (account_id, currency, debit, credit, amount_minor, reason, reference, created_at)
  select $1, $2, 'spent', 'available', $3, 'refund', $4, $5 from moved
  returning position`;
