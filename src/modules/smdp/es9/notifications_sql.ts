// The statements that record what eUICCs reported: each report once, and with it the move of the profile that it means.
import type { Db } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProfileState } from '../profiles/profile.ts';
import type { MovedProfile } from '../profiles/profiles_sql.ts';
import { type EndedSession, endedColumns } from './sessions_sql.ts';

export type ProfileOperation = 'install' | 'enable' | 'disable' | 'delete';

/** A verified report of an eUICC, and the move that it means for the profile. */
export type Notification = {
  eid: string;
  iccid: string;
  seqNumber: number;
  contentHash: Uint8Array;
  operation: ProfileOperation;
  to: ProfileState;
  /** The states that this report can move. */
  from: readonly ProfileState[];
  /** True when a report with a greater number makes this one out of date. */
  inOrder: boolean;
  result?: object;
  /** The RSP session that ends with this report, and how. */
  ends?: EndedSession;
  now: Date;
};

/** The move that the report made; undefined when it is known already, out of date, or moves nothing. */
export async function insertNotification(
  db: Db,
  notification: Notification,
): Promise<MovedProfile | undefined> {
  const { eid, iccid, seqNumber, contentHash, operation, result, now, to, from, inOrder, ends } =
    notification;
  const [row] = await query<MovedProfile>(db, insertNotificationText, [
    eid,
    iccid,
    BigInt(seqNumber),
    contentHash,
    operation,
    result ? JSON.stringify(result) : null,
    now,
    to,
    from,
    inOrder,
    ends?.transactionId ?? null,
    ends?.outcome ?? null,
    ends ? JSON.stringify(ends.step) : '[]',
  ]);
  return row;
}

// The profile is locked first, so that two reports on it are taken one after the other. A session that expired meanwhile
// ends as it is told now.
const insertNotificationText = `
  with before as (
    select iccid, state, account_id, requester_id, smds_address, last_seq_number
    from smdp.profiles where iccid = $2 and eid = $1 for update
  ), noted as (
    insert into smdp.notifications (eid, iccid, seq_number, content_hash, operation, result, received_at)
    select $1, iccid, $3, $4, $5, $6::jsonb, $7 from before
    on conflict do nothing
    returning iccid
  ), moving as (
    select before.* from before join noted using (iccid)
    where state = any($9::text[]) and (not $10 or last_seq_number <= $3)
  ), profile as (
    update smdp.profiles p
    set state = $8,
      last_result = coalesce($6::jsonb, p.last_result),
      last_seq_number = case when $10 then $3 else p.last_seq_number end,
      enabled = case $5 when 'enable' then true when 'install' then p.enabled else false end,
      installed_at = case when $8 in ('installed', 'deleted') then coalesce(p.installed_at, $7) else p.installed_at end
    from moving where p.iccid = moving.iccid
  ), session as (
    update smdp.sessions set ${endedColumns}, ended_at = coalesce(ended_at, $7), outcome = $12,
      steps = steps || $13::jsonb
    where transaction_id = $11 and exists (select from noted)
  )
  select state as "from", account_id, requester_id, smds_address from moving`;
