// The feed: events of one account behind a cursor, none skipped, none twice.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event, EventType } from './event.ts';
import { type EventRow, eventColumns, readCursor, readEvent, writeCursor } from './event_row.ts';
import { findFeedEnd } from './feed_end.ts';

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

/** The cursor behind everything that readers can have been shown by now. */
export async function endOfFeed(ctx: Ctx): Promise<string> {
  return writeCursor(await findFeedEnd(ctx), 0n);
}

export type EventPage = { events: Event[]; nextCursor: string };

export type EventFilter = {
  accountId: string;
  after?: string;
  types?: readonly EventType[];
  resourceId?: string;
  limit?: number;
};

const selectEvents = `
  select ${eventColumns}
  from events.events e
  where account_id = $1 and (tx, position) > ($2::xid8, $3::bigint) and tx < $7::xid8
    and ($4::text[] is null or type = any($4)) and ($5::text is null or resource_id = $5)
  order by tx, position
  limit $6`;
