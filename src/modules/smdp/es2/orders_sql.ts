// The statements of ES2+ on `smdp.profiles` and `smdp.cancelled_orders`.
import type { Db } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProfileState } from '../profiles/profile.ts';
import type { Es2Call } from './es2_call.ts';

/** A profile as ES2+ sees it. */
export type OrderedRow = {
  iccid: string;
  account_id: string;
  /** Null for one that an order of ours released: ES2+ does not touch it. */
  requester_id: string | null;
  state: ProfileState;
  smdp_address: string;
  eid: string | null;
  /** The EID that the operator named, null when it may go to any eUICC. */
  ordered_eid: string | null;
  matching_id: string | null;
  confirmation_code: Buffer | null;
  smds_address: string | null;
  es2_call: Es2Call | null;
};

const orderedColumns = `
  iccid, account_id, requester_id, state, smdp_address, eid, ordered_eid, matching_id, confirmation_code, smds_address,
  es2_call`;

export async function findOrder(db: Db, iccid: string): Promise<OrderedRow | undefined> {
  const [row] = await query<OrderedRow>(db, selectOrder, [iccid]);
  return row;
}

/** Downloads and operators' calls of one profile are taken one after the other. */
export async function lockOrderRow(db: Db, iccid: string): Promise<OrderedRow | undefined> {
  const [row] = await query<OrderedRow>(db, lockOrder, [iccid]);
  return row;
}

const selectOrder = `select ${orderedColumns} from smdp.profiles where iccid = $1`;
const lockOrder = `${selectOrder} for update`;

/** The profile that this requester got by a call with this identifier and input that named no ICCID. */
export async function findOrderOfCall(db: Db, of: OrderCall): Promise<OrderedRow | undefined> {
  const [row] = await query<OrderedRow>(db, selectByCall, [
    of.requesterId,
    of.functionCallIdentifier,
    of.inputHash,
  ]);
  return row;
}

export type OrderCall = { requesterId: string; functionCallIdentifier: string; inputHash: string };

const selectByCall = `
  select ${orderedColumns} from smdp.profiles
  where requester_id = $1 and es2_call->>'functionCallIdentifier' = $2 and es2_call->>'function' = 'downloadOrder'
    and es2_call->>'inputHash' = $3 and state = es2_call->>'stateAfter'
  order by created_at desc limit 1`;

/** One call of an operator that names no ICCID after the other, where they have the same identifier. */
export async function lockCall(db: Db, { requesterId, functionCallIdentifier }: OrderCall): Promise<void> {
  await query(db, lockText, [`es2 call ${requesterId} ${functionCallIdentifier}`]);
}

/** One order with this matching id after the other. */
export async function lockMatchingId(db: Db, matchingId: string): Promise<void> {
  await query(db, lockText, [`matching id ${matchingId}`]);
}

const lockText = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

export async function isMatchingIdTaken(db: Db, matchingId: string): Promise<boolean> {
  const rows = await query(db, 'select from smdp.profiles where matching_id = $1', [matchingId]);
  return rows.length > 0;
}

/** Writes what a call made of a locked profile. */
export async function updateOrder(db: Db, row: OrderedRow): Promise<void> {
  await query(db, updateText, [
    row.iccid,
    row.state,
    row.eid,
    row.ordered_eid,
    row.matching_id,
    row.confirmation_code,
    row.smds_address,
    row.es2_call && JSON.stringify(row.es2_call),
  ]);
}

const updateText = `
  update smdp.profiles set state = $2, eid = $3, ordered_eid = $4, matching_id = $5, confirmation_code = $6,
    smds_address = $7, es2_call = $8::jsonb
  where iccid = $1`;

/** Opens a locked profile again: as if nobody had ever tried to download it. */
export async function updateReleasedAgain(db: Db, row: OrderedRow): Promise<void> {
  await updateOrder(db, row);
  await query(db, clearText, [row.iccid]);
}

const clearText = `
  update smdp.profiles set confirmation_failures = 0, download_attempts = 0, euicc_otpk = null, binding_key = null,
    last_result = null, last_seq_number = 0, enabled = null, downloaded_at = null, installed_at = null
  where iccid = $1`;

/** What was downloaded under an earlier order says nothing about this one, and no session of it goes on. */
export async function forgetDownloads(db: Db, iccid: string, now: Date): Promise<void> {
  await query(db, forgetDownloadsText, [iccid]);
  await query(db, endSessionsText, [iccid, now]);
}

// By the sessions, which have an index by ICCID; a result that is later than they are kept is not expected.
const forgetDownloadsText = `
  delete from smdp.downloads
  where transaction_id = any(array(select transaction_id from smdp.sessions where iccid = $1)) and iccid = $1`;

const endSessionsText = `
  update smdp.sessions set state = 'ended', ended_at = $2, outcome = 'cancelled', euicc_certificate = null,
    smdp_signature2 = null
  where iccid = $1 and state <> 'ended'`;

export async function deleteOrder(db: Db, iccid: string): Promise<void> {
  await query(db, 'delete from smdp.profiles where iccid = $1', [iccid]);
}

export async function insertCancelled(db: Db, cancelled: CancelledOrder & { now: Date }): Promise<void> {
  const { iccid, accountId, call, now } = cancelled;
  await query(db, insertCancelledText, [iccid, accountId, JSON.stringify(call), now]);
}

export type CancelledOrder = { iccid: string; accountId: string; call: Es2Call };

const insertCancelledText = `
  insert into smdp.cancelled_orders (iccid, account_id, es2_call, cancelled_at) values ($1, $2, $3::jsonb, $4)
  on conflict (iccid) do update set account_id = excluded.account_id, es2_call = excluded.es2_call,
    cancelled_at = excluded.cancelled_at`;

/** The call that cancelled the last order of this profile and gave it back; undefined when it was ordered since. */
export async function findCancelled(
  db: Db,
  of: { iccid: string; accountId: string },
): Promise<Es2Call | undefined> {
  const [row] = await query<{ es2_call: Es2Call }>(db, selectCancelled, [of.iccid, of.accountId]);
  return row?.es2_call;
}

const selectCancelled = `
  select es2_call from smdp.cancelled_orders c
  where iccid = $1 and account_id = $2 and not exists (select from smdp.profiles p where p.iccid = c.iccid)`;

/** Forgets orders that were cancelled long ago; gives how many. */
export async function deleteOldCancelled(db: Db, before: Date, count: number): Promise<number> {
  const rows = await query(db, deleteOldText, [before, count]);
  return rows.length;
}

const deleteOldText = `
  delete from smdp.cancelled_orders where iccid = any(array(
    select iccid from smdp.cancelled_orders where cancelled_at < $1 order by cancelled_at limit $2))
  returning 1`;
