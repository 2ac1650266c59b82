// The statements on `smds.events`.
import type { Ctx, Db } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { EventEntry, EventToRegister } from './event.ts';

export type StoredEvent = {
  eid: string;
  event_id: string;
  rsp_server_address: string;
  owner_oid: string;
  forwarded_event_id: string | null;
  forwarded_at: Date | null;
};

/** `forwardedEventId`: the root SM-DS is to know it by this id, and does not yet. */
export type EventToInsert = EventToRegister & { forwardedEventId: string | null };

/** False when there is one of this id, which is left as it is. */
export async function insertEvent(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  event: EventToInsert,
): Promise<boolean> {
  const rows = await query(db, insertText, [JSON.stringify([event]), now]);
  return rows.length > 0;
}

/** One of the same owner and id is replaced. */
export async function upsertEvents(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  events: readonly EventToRegister[],
): Promise<void> {
  await query(db, upsertText, [JSON.stringify(events), now]);
}

const insert = `
  insert into smds.events (eid, event_id, rsp_server_address, owner_oid, forwarding_indicator, forwarded_event_id, created_at)
  select eid, "eventId", "rspServerAddress", "ownerOid", "forwardingIndicator", "forwardedEventId", $2::timestamptz
  from jsonb_to_recordset($1::jsonb) as (eid text, "eventId" text, "rspServerAddress" text, "ownerOid" text,
    "forwardingIndicator" boolean, "forwardedEventId" text)`;

const insertText = `${insert} on conflict do nothing returning 1`;

const upsertText = `${insert}
  on conflict (owner_oid, event_id) do update
  set eid = excluded.eid, rsp_server_address = excluded.rsp_server_address, created_at = excluded.created_at`;

export async function findEvent(
  db: Db,
  of: { eid: string; eventId: string },
): Promise<StoredEvent | undefined> {
  const [row] = await query<StoredEvent>(db, findText, [of.eid, of.eventId]);
  return row;
}

const findText = `
  select eid, event_id, rsp_server_address, owner_oid, forwarded_event_id, forwarded_at from smds.events
  where eid = $1 and event_id = $2`;

export async function updateForwarded(
  db: Db,
  of: { eid: string; eventId: string; now: Date },
): Promise<void> {
  await query(db, forwardedText, [of.eid, of.eventId, of.now]);
}

const forwardedText = 'update smds.events set forwarded_at = $3 where eid = $1 and event_id = $2';

export async function deleteEventRow(
  db: Db,
  of: { eid: string; eventId: string; ownerOid: string },
): Promise<void> {
  await query(db, deleteText, [of.eid, of.eventId, of.ownerOid]);
}

const deleteText = 'delete from smds.events where eid = $1 and event_id = $2 and owner_oid = $3';

/** The events of an EID in the order of arrival; with `eventId` the one that has it here or at the root SM-DS. */
export async function listEntries(db: Db, of: { eid: string; eventId: string }): Promise<EventEntry[]> {
  return of.eventId === ''
    ? await query<EventEntry>(db, listText, [of.eid, entriesMax])
    : await query<EventEntry>(db, listOneText, [of.eid, of.eventId]);
}

// What an LPA can be expected to go through; the next poll gives what is left.
const entriesMax = 100;

const entry = `event_id as "eventId", rsp_server_address as "rspServerAddress"`;
const isGivenOut = '(forwarded_event_id is null or forwarded_at is not null)';

const listText = `
  select ${entry} from smds.events where eid = $1 and ${isGivenOut} order by position limit $2`;

const listOneText = `
  select ${entry} from smds.events
  where eid = $1 and (event_id = $2 or forwarded_event_id = $2) and ${isGivenOut} order by position limit 1`;
