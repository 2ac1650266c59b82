// The outbox: events of all accounts behind a place, complete as the feed is, for whoever passes them on.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';
import { findFeedEnd } from './feed_end.ts';

/**
 * Up to `limit` events behind `after`, in the order of the feed, and the place to go on from: a reader that keeps it is
 * given every event exactly once.
 */
export async function readOutbox(
  ctx: Ctx,
  { after, limit }: { after: bigint; limit: number },
): Promise<{ events: OutboxEvent[]; end: bigint }> {
  const end = await findFeedEnd(ctx);
  const rows = await query<EventRow>(ctx.db, selectOutbox, [after, end, limit]);
  const events = rows.map((row) => ({ ...readEvent(row), position: row.position }));
  const last = events.at(-1);
  if (last && events.length === limit) return { events, end: last.position };
  return { events, end: end > after ? end : after };
}

/** True when there is an event behind `after`, of this account if one is given, whether or not the feed has come to it yet. */
export async function hasEventsBehind(
  ctx: Ctx,
  { after, accountId }: { after: bigint; accountId?: string },
): Promise<boolean> {
  const [row] =
    accountId === undefined
      ? await query(ctx.db, selectAnyBehind, [after])
      : await query(ctx.db, selectOneBehind, [after, accountId]);
  return row !== undefined;
}

export type OutboxEvent = Event & { position: bigint };

const selectOutbox = `
  select ${eventColumns} from events.events e
  where position > $1 and position <= $2
  order by position limit $3`;

const selectAnyBehind = `
  select from events.events where position > $1 order by position limit 1`;

const selectOneBehind = `
  select from events.events where account_id = $2 and position > $1
  order by position limit 1`;
