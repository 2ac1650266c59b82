// The ledger's part of the statement that accepts orders: who can pay, in the order of arrival, and the holds.

/**
 * CTEs that go behind a CTE `fresh(n, id, account_id, currency, total_minor, created_at, …)` of orders in their order
 * of arrival `n`. They give `funded(n, verdict)`: `accepted` when the balance covers this order and all accepted before
 * it, `insufficient_funds` when it cannot, and `again` when that depends on a refused one before it: such an order is
 * decided by running the statement again. Accepted totals are moved from available to held.
 * `placeable` is a condition on a row `f` of `fresh`: where it does not hold the verdict is `stale`.
 */
export function holdFundsSql({ placeable }: { placeable: string }): string {
  return `
  funds as materialized (
    -- Wallets are locked in the order of their keys, so that two batches never wait for each other in a circle.
    select w.account_id, w.currency, w.available_minor
    from (select distinct f.account_id, f.currency from fresh f order by 1, 2) as wanted cross join lateral (
      select * from ledger.wallets w
      where w.account_id = wanted.account_id and w.currency = wanted.currency for update) as w
  ), walked as (
    select f.*, ${placeable} as placeable, coalesce(funds.available_minor, 0) as available,
      sum(f.total_minor) filter (where ${placeable})
        over (partition by f.account_id, f.currency order by f.n) as up_to
    from fresh f left join funds on funds.account_id = f.account_id and funds.currency = f.currency
  ), covered as (
    select w.*, coalesce(max(w.up_to) filter (where w.up_to <= w.available)
      over (partition by w.account_id, w.currency), 0) as taken
    from walked w
  ), funded as materialized (
    select c.n, c.id, c.account_id, c.currency, c.total_minor, c.created_at, case
      when not c.placeable then 'stale'
      when c.up_to <= c.available then 'accepted'
      when c.total_minor > c.available - c.taken then 'insufficient_funds'
      else 'again' end as verdict
    from covered c
  ), held as (
    update ledger.wallets w
    set available_minor = w.available_minor - paid.total, held_minor = w.held_minor + paid.total
    from (select account_id, currency, sum(total_minor) as total from funded where verdict = 'accepted' group by 1, 2) paid
    where w.account_id = paid.account_id and w.currency = paid.currency
      and w.account_id = any(array(select f.account_id from funded f))
  ), hold_transfers as (
    insert into ledger.transfers (account_id, currency, debit, credit, amount_minor, reason, reference, created_at)
    select account_id, currency, 'available', 'held', total_minor, 'order_hold', id, created_at
    from funded where verdict = 'accepted' and total_minor > 0
  )`;
}
