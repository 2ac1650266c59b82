// The end of holds: what an order held is spent when it completes, and available again when it does not.
import { assert } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Settles or releases the holds of these orders, each order at most once. Call it in the write that ends them. */
export async function endHolds(ctx: Ctx, holds: readonly HoldToEnd[]): Promise<void> {
  const paid = holds.filter((hold) => hold.amountMinor > 0n);
  if (paid.length === 0) return;
  const [row] = await query<{ wallets: bigint; wanted: bigint }>(ctx.db, endHoldsSql, [
    JSON.stringify(
      paid.map((hold) => ({
        order_id: hold.orderId,
        account_id: hold.accountId,
        currency: hold.currency,
        amount_minor: hold.amountMinor.toString(),
        settle: hold.settle,
      })),
    ),
    ctx.now,
  ]);
  assert(row && row.wallets === row.wanted, 'every hold has its wallet');
}

export type HoldToEnd = {
  orderId: string;
  accountId: string;
  currency: string;
  amountMinor: bigint;
  /** True: spent. False: given back. */
  settle: boolean;
};

const endHoldsSql = `
  with ended as (
    select * from jsonb_to_recordset($1::jsonb)
      as x(order_id text, account_id text, currency text, amount_minor bigint, settle boolean)
  ), sums as (
    select account_id, currency, sum(amount_minor) as total, coalesce(sum(amount_minor) filter (where settle), 0) as settled
    from ended group by account_id, currency
  ), locked as materialized (
    -- Locked in the order of their keys, as everywhere.
    select w.account_id, w.currency
    from (select s.account_id, s.currency from sums s order by 1, 2) as wanted cross join lateral (
      select * from ledger.wallets w
      where w.account_id = wanted.account_id and w.currency = wanted.currency for update) as w
  ), moved as (
    update ledger.wallets w
    set held_minor = w.held_minor - s.total, spent_minor = w.spent_minor + s.settled,
      available_minor = w.available_minor + s.total - s.settled
    from sums s join locked l on l.account_id = s.account_id and l.currency = s.currency
    where w.account_id = s.account_id and w.currency = s.currency
      and w.account_id = any(array(select e.account_id from ended e))
    returning 1
  ), transfers as (
    insert into ledger.transfers (account_id, currency, debit, credit, amount_minor, reason, reference, created_at)
    select account_id, currency, 'held', case when settle then 'spent' else 'available' end, amount_minor,
      case when settle then 'order_settle' else 'order_release' end, order_id, $2
    from ended
  )
  select (select count(*) from moved) as wallets, (select count(*) from sums) as wanted`;
