// The outbox: events of all accounts behind a place, complete as the feed is, for whoever passes them on.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';
import { findFeedEnd } from './feed_end.ts';

/**
 * Up to `limit` events behind `after`, in the order of the feed, and the place to go on from: a reader that keeps it is
 * given every event exactly once. Ask once in a transaction (see `findFeedEnd`).
 */
export async function readOutbox(
  ctx: Ctx,
  { after, limit }: { after: OutboxPlace; limit: number },
): Promise<{ events: OutboxEvent[]; end: OutboxPlace }> {
  const end = await findFeedEnd(ctx);
  const rows = await query<EventRow>(ctx.db, selectOutbox, [after.tx, after.position, end, limit]);
  const events = rows.map((row) => ({ ...readEvent(row), tx: row.tx, position: row.position }));
  const last = events.at(-1);
  if (last && events.length === limit) return { events, end: { tx: last.tx, position: last.position } };
  return { events, end: BigInt(end) > BigInt(after.tx) ? { tx: end, position: 0n } : after };
}

/** True when there is an event behind `after`, of this account if one is given, whether or not the feed has come to it yet. */
export async function hasEventsBehind(
  ctx: Ctx,
  { after, accountId }: { after: OutboxPlace; accountId?: string },
): Promise<boolean> {
  const [row] =
    accountId === undefined
      ? await query(ctx.db, selectAnyBehind, [after.tx, after.position])
      : await query(ctx.db, selectOneBehind, [after.tx, after.position, accountId]);
  return row !== undefined;
}

/** A place between two events. */
export type OutboxPlace = { tx: string; position: bigint };
export type OutboxEvent = Event & OutboxPlace;

const selectOutbox = `
  select ${eventColumns} from events.events e
  where (tx, position) > ($1::xid8, $2::bigint) and tx < $3::xid8
  order by tx, position limit $4`;

const selectAnyBehind = `
  select from events.events where (tx, position) > ($1::xid8, $2::bigint) order by tx, position limit 1`;

const selectOneBehind = `
  select from events.events where account_id = $3 and (tx, position) > ($1::xid8, $2::bigint)
  order by tx, position limit 1`;
