// The statements on `smdp.smds_events`: the event of a profile from the wish to register it until it is deleted.
import type { Db } from '../../../pg/ctx.ts';
import { query, type Statement } from '../../../pg/query.ts';

/** A profile waits for an EID, and an SM-DS is to know. */
export type EventOfProfile = {
  iccid: string;
  eid: string;
  /** The profile's matching id. */
  eventId: string;
  smdsAddress: string;
  /** Where the LPA is sent: our SM-DP+, if left out at the address it has. */
  rspServerAddress?: string;
};

export type EventRow = {
  position: bigint;
  iccid: string;
  eid: string;
  event_id: string;
  smds_address: string;
  rsp_server_address: string;
  state: 'registering' | 'registered' | 'deleting' | 'deleted' | 'failed';
  attempts: number;
  created_at: Date;
};

const columns = `
  e.position, e.iccid, e.eid, e.event_id, e.smds_address, e.rsp_server_address, e.state, e.attempts, e.created_at`;

export type EventToInsert = Required<EventOfProfile> & { state: 'registering' | 'registered' };

/**
 * Gives those that were written: not one whose id this SM-DS still has for another EID. An event of before with the same
 * id is taken up again. `lockedUntil`: who registers them itself, at once.
 */
export async function insertEvents(
  db: Db,
  events: readonly EventToInsert[],
  { now, lockedUntil = null }: { now: Date; lockedUntil?: Date | null },
): Promise<EventRow[]> {
  return await query<EventRow>(db, insertText, [JSON.stringify(events), now, lockedUntil]);
}

const insertText = `
  insert into smdp.smds_events as e (iccid, eid, event_id, smds_address, rsp_server_address, state, attempts, due_at,
    locked_until, created_at, registered_at)
  select iccid, eid, "eventId", "smdsAddress", "rspServerAddress", state, case when $3::timestamptz is null then 0 else 1 end,
    'epoch', $3::timestamptz, $2::timestamptz, case when state = 'registered' then $2::timestamptz end
  from jsonb_to_recordset($1::jsonb) as (iccid text, eid text, "eventId" text, "smdsAddress" text,
    "rspServerAddress" text, state text)
  on conflict (smds_address, event_id) do update
  set iccid = excluded.iccid, eid = excluded.eid, rsp_server_address = excluded.rsp_server_address, state = excluded.state,
    attempts = case when e.state = 'deleted' then excluded.attempts else e.attempts + 1 end, due_at = excluded.due_at,
    locked_until = coalesce(excluded.locked_until, e.locked_until), created_at = excluded.created_at,
    registered_at = excluded.registered_at, deleted_at = null, last_error = null
  where e.eid = excluded.eid or e.state = 'deleted'
  returning ${columns}`;

/** What ends the events of profiles that nobody waits for any more: an SM-DS may know of those that failed, too. */
export function withdrawStatement(iccids: readonly string[]): Statement {
  return { text: withdrawText, values: [[...iccids]] };
}

const withdrawText = `
  update smdp.smds_events set state = 'deleting', attempts = 0, due_at = 'epoch'
  where iccid = any($1) and (state in ('registering', 'registered') or (state = 'failed' and attempts > 0))`;

export async function withdrawEvents(db: Db, iccids: readonly string[]): Promise<void> {
  const { text, values } = withdrawStatement(iccids);
  await query(db, text, values);
}

/** Takes up to `count` that are due, and counts the attempt. */
export async function claimEvents(
  db: Db,
  { now, count, lockedUntil }: { now: Date; count: number; lockedUntil: Date },
): Promise<EventRow[]> {
  return await query<EventRow>(db, claimText, [now, count, lockedUntil]);
}

const claimText = `
  update smdp.smds_events e set attempts = attempts + 1, locked_until = $3
  where position = any(array(
    select position from smdp.smds_events
    where state in ('registering', 'deleting') and due_at <= $1 and (locked_until is null or locked_until <= $1)
    order by due_at, position limit $2 for update skip locked))
  returning ${columns}`;

/** Done: unless it was decided otherwise meanwhile, which is done next. */
export async function updateEventDone(db: Db, { position, state }: EventRow, now: Date): Promise<void> {
  await query(db, state === 'deleting' ? deletedText : registeredText, [position, now]);
}

const registeredText = `
  update smdp.smds_events set locked_until = null, last_error = null, registered_at = $2,
    state = case state when 'registering' then 'registered' else state end
  where position = $1`;

const deletedText = `
  update smdp.smds_events set locked_until = null, last_error = null, deleted_at = $2,
    state = case state when 'deleting' then 'deleted' else state end
  where position = $1`;

/** To be tried again at `dueAt`; given up when that is null. */
export async function updateEventFailed(
  db: Db,
  { position, state }: EventRow,
  { error, dueAt }: { error: string; dueAt: Date | null },
): Promise<void> {
  await query(db, failedText, [position, error, dueAt, state]);
}

const failedText = `
  update smdp.smds_events set locked_until = null, last_error = $2,
    due_at = case when state = $4 then coalesce($3, due_at) else due_at end,
    state = case when state = $4 and $3::timestamptz is null then 'failed' else state end
  where position = $1`;
