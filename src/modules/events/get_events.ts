// Events by their keys, for those who kept the keys.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';

/** The events with these keys, by their position. */
export async function getEvents(ctx: Ctx, keys: readonly EventKey[]): Promise<Map<bigint, Event>> {
  const rows = await query<EventRow>(ctx.db, selectByKeys, [
    keys.map((key) => key.accountId),
    keys.map((key) => key.position),
  ]);
  return new Map(rows.map((row) => [row.position, readEvent(row)]));
}

export type EventKey = { accountId: string; position: bigint };

const selectByKeys = `
  select ${eventColumns}
  from unnest($1::text[], $2::bigint[]) as k(account_id, position)
  cross join lateral (
    select * from events.events
    where account_id = k.account_id and position = k.position limit 1
  ) as e`;
