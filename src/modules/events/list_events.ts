// The feed: events of one account behind a cursor, none skipped, none twice.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event, EventType } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';
import { findFeedEnd } from './feed_end.ts';
import { readCursor, writeCursor } from './feed_place.ts';

/**
 * Up to `limit` events of the account behind `after` (from the beginning without it), oldest first, and the cursor to
 * go on from, which moves on even when nothing fits the filter. Throws `invalid_request` for a malformed cursor.
 */
export async function listEvents(ctx: Ctx, filter: EventFilter): Promise<EventPage> {
  const after = filter.after === undefined ? 0n : await readCursor(ctx, filter.after);
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const end = await findFeedEnd(ctx);
  const rows = await query<EventRow>(ctx.db, selectEvents, [
    filter.accountId,
    after,
    filter.types ?? null,
    filter.resourceId ?? null,
    limit,
    end,
  ]);
  const events = rows.map(readEvent);
  const last = events.at(-1);
  if (last && events.length === limit) return { events, nextCursor: last.cursor };
  return { events, nextCursor: writeCursor(end > after ? end : after) };
}

/** The cursor behind everything that readers can have been shown by now. */
export async function endOfFeed(ctx: Ctx): Promise<string> {
  return writeCursor(await findFeedEnd(ctx));
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
  where account_id = $1 and position > $2 and position <= $6
    and ($3::text[] is null or type = any($3)) and ($4::text is null or resource_id = $4)
  order by position
  limit $5`;
