// What happened to an eSIM, its line and its bundles, newest first: the few kinds of events that are looked up again.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Event, EventType } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';

/** The kinds of events in the history of an eSIM. The index `events_of_esims` holds these and no others. */
export const historyTypes = [
  'bundle.assigned',
  'bundle.depleted',
  'bundle.expired',
  'bundle.lapsed',
  'bundle.revoked',
  'bundle.threshold_reached',
  'esim.updated',
  'sim.first_attached',
  'sim.first_used',
  'sim.refreshed',
] as const satisfies readonly EventType[];

/** The last `limit` events (at most 200) about the account's eSIM with this id, newest first. */
export async function listEsimHistory(
  ctx: Ctx,
  of: { accountId: string; esimId: string; limit?: number },
): Promise<Event[]> {
  const { accountId, esimId, limit = limits.pageSizeDefault } = of;
  const rows = await query<EventRow>(ctx.db, selectHistory, [
    accountId,
    esimId,
    Math.min(limit, limits.pageSizeMax),
  ]);
  return rows.map(readEvent);
}

/** The last event about each of these eSIMs (at most 1,001), by eSIM; those without any are absent. */
export async function findLastEvents(
  ctx: Ctx,
  { accountId, esimIds }: { accountId: string; esimIds: readonly string[] },
): Promise<Map<string, Event>> {
  const rows = await query<EventRow & { esim_id: string }>(ctx.db, selectLast, [
    accountId,
    esimIds.slice(0, limits.listRowsMax),
  ]);
  return new Map(rows.map((row) => [row.esim_id, readEvent(row)]));
}

// Written as the index is: an event is about the eSIM that its data name, else about its resource.
const isOf = (esimId: string) => `e.account_id = $1 and coalesce(e.data->>'esimId', e.resource_id) = ${esimId}
    and e.type in (${historyTypes.map((type) => `'${type}'`).join(', ')})`;
const newestFirst = 'order by e.position desc';

const selectHistory = `
  select ${eventColumns} from events.events e
  where ${isOf('$2')} ${newestFirst} limit $3`;

const selectLast = `
  select asked.esim_id, ${eventColumns}
  from unnest($2::text[]) as asked(esim_id)
  cross join lateral (
    select * from events.events e where ${isOf('asked.esim_id')} ${newestFirst} limit 1
  ) as e`;
