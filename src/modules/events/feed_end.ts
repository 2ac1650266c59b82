// The end of the feed: before it, no transaction can any more commit an event that readers have not been shown.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/**
 * The transaction before which nothing of this database is still under way: one that runs may yet commit a smaller
 * (tx, position), so the feed ends before the oldest such one. Asked before the events are read, in a statement of its
 * own, and once in a transaction: what had ended by then is visible to the next statement. `pg_snapshot_xmin` alone
 * would also wait for other databases.
 */
export async function findFeedEnd(ctx: Ctx): Promise<string> {
  const [row] = await query<{ feed_end: string }>(ctx.db, selectFeedEnd);
  return row?.feed_end ?? '0';
}

// `backend_xid` has 32 bits: how far it lies behind the next transaction id gives the whole one. One that began since
// the snapshot lies ahead and cannot matter.
const selectFeedEnd = `
  select (next_id - coalesce(max(behind), 0))::text as feed_end
  from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next_id) as next
  left join lateral (
    select (next_id - backend_xid::text::bigint) & 4294967295 as behind
    from pg_stat_activity where datname = current_database() and backend_xid is not null
  ) as running on behind < 2147483648
  group by next_id`;
