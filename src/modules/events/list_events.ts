// The feed: events of one account behind a cursor, none skipped, none twice.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event, EventType } from './event.ts';

/**
 * Up to `limit` events of the account behind `after` (from the beginning without it), oldest first, and the cursor to
 * go on from, which moves on even when nothing fits the filter. Throws `invalid_request` for a malformed cursor.
 */
export async function listEvents(ctx: Ctx, filter: EventFilter): Promise<EventPage> {
  const [tx, position] = filter.after === undefined ? ['0', '0'] : readCursor(filter.after);
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const end = await findFeedEnd(ctx);
  const rows = await query<EventRow>(ctx.db, selectEvents, [
    filter.accountId,
    tx,
    position,
    filter.types ?? null,
    filter.resourceId ?? null,
    limit,
    end,
  ]);
  const events = rows.map(readEvent);
  const last = events.at(-1);
  return { events, nextCursor: last && events.length === limit ? last.cursor : writeCursor(end, 0n) };
}

export type EventPage = { events: Event[]; nextCursor: string };

export type EventFilter = {
  accountId: string;
  after?: string;
  types?: readonly EventType[];
  resourceId?: string;
  limit?: number;
};

type EventRow = {
  position: bigint;
  tx: string;
  account_id: string;
  type: EventType;
  resource_id: string;
  data: Record<string, unknown>;
  request_id: string;
  actor: string;
  occurred_at: Date;
};

/**
 * The transaction before which nothing of this database is still under way: one that runs may yet commit a smaller
 * (tx, position), so the feed ends before the oldest such one. Asked before the events are read, in a statement of its
 * own: what had ended by then is visible to the next one. `pg_snapshot_xmin` alone would also wait for other databases.
 */
async function findFeedEnd(ctx: Ctx): Promise<string> {
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

const selectEvents = `
  select position, tx, account_id, type, resource_id, data, request_id, actor, occurred_at
  from events.events
  where account_id = $1 and (tx, position) > ($2::xid8, $3::bigint) and tx < $7::xid8
    and ($4::text[] is null or type = any($4)) and ($5::text is null or resource_id = $5)
  order by tx, position
  limit $6`;

function readEvent(row: EventRow): Event {
  return {
    id: `evt_${row.position.toString(16).padStart(32, '0')}`,
    type: row.type,
    accountId: row.account_id,
    resourceId: row.resource_id,
    data: row.data,
    requestId: row.request_id,
    actor: row.actor,
    occurredAt: row.occurred_at,
    cursor: writeCursor(row.tx, row.position),
  };
}

function writeCursor(tx: string, position: bigint): string {
  return Buffer.from(`${tx}.${position}`).toString('base64url');
}

function readCursor(cursor: string): [tx: string, position: string] {
  const match = /^(\d{1,19})\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match?.[1] || !match[2])
    throw new AppError('invalid_request', 'not a cursor of this feed', {
      fields: [{ field: 'after', detail: 'give a cursor as it was answered, or leave it out' }],
    });
  return [match[1], match[2]];
}
