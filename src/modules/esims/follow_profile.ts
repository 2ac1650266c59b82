// An eSIM follows its profile: what happens on the SM-DP+ or the device is written here in the same transaction.
import type { Ctx } from '../../pg/ctx.ts';
import type { Statement } from '../../pg/query.ts';
import { accountTimeSql } from '../accounts/index.ts';
import { actorName, type EventType, insertEventsSql } from '../events/index.ts';
import type { ProfileMove } from '../smdp/index.ts';
import { comesFrom, type EsimFailureCode, type EsimState } from './esim.ts';

/**
 * The statement that moves the eSIM of this profile along, if there is one and it may go there, and tells it if
 * anything changed. It belongs into the transaction that moves the profile.
 */
export function followProfile(ctx: Ctx, move: ProfileMove): Statement | undefined {
  const state = followed[move.to];
  if (state === undefined) return undefined;
  const values = [
    move.iccid,
    state,
    comesFrom[state],
    move.enabled ?? null,
    move.eid ?? null,
    move.at,
    eventType(state, move),
    move.detail ?? null,
    ctx.requestId,
    actorName(ctx.actor),
    failures[move.to] ?? null,
    move.eid !== undefined,
    move.matchingId ?? null,
    move.matchingId !== undefined,
  ];
  return { text: moveEsim, values };
}

/** What an eSIM is when its profile is in this state; nothing is said of profiles that are not open for download yet. */
const followed: Partial<Record<ProfileMove['to'], EsimState>> = {
  released: 'available',
  downloaded: 'downloaded',
  installed: 'installed',
  deleted: 'deleted',
  error: 'failed',
  unavailable: 'failed',
};

const failures: Partial<Record<ProfileMove['to'], EsimFailureCode>> = {
  error: 'download_failed',
  unavailable: 'download_expired',
};

function eventType(state: EsimState, { from, to, enabled }: ProfileMove): EventType {
  if (enabled !== undefined) return enabled ? 'esim.enabled' : 'esim.disabled';
  return from === to ? 'esim.updated' : `esim.${state}`;
}

// The profile moves by the wall clock, the eSIM by that of its account.
const moment = accountTimeSql('esims.esims.account_id', '$6::timestamptz');

// Released again after it was on a device: that device's times say nothing of the next one.
const startsAnew = "$2 = 'available' and state in ('installed', 'deleted')";

const moveEsim = `
  with moved as (
    update esims.esims
    set state = $2, enabled = case when $2 = 'installed' then coalesce($4, enabled) else false end,
      eid = case when $12 then $5 else eid end, matching_id = case when $14 then $13 else matching_id end,
      downloaded_at = case when $2 = 'downloaded' then coalesce(downloaded_at, ${moment})
        when ${startsAnew} then null else downloaded_at end,
      installed_at = case when $2 = 'installed' then coalesce(installed_at, ${moment})
        when ${startsAnew} then null else installed_at end,
      deleted_at = case when $2 = 'deleted' then ${moment} when ${startsAnew} then null else deleted_at end,
      failure_code = $11::text, failure_detail = case when $11::text is not null then coalesce($8::text, '') end,
      updated_at = ${moment}
    where iccid = $1 and state = any($3) and failure_code is distinct from 'order_failed'
      and (state <> $2 or enabled is distinct from coalesce($4, enabled) or ($12 and eid is distinct from $5)
        or ($14 and matching_id is distinct from $13))
    returning id, account_id, iccid, state, eid, smdp_address, matching_id, updated_at
  )
  ${insertEventsSql(`
    select account_id, $7, id, jsonb_strip_nulls(jsonb_build_object('iccid', iccid, 'state', state, 'eid', eid,
      'smdpAddress', smdp_address, 'matchingId', case when state = 'available' then matching_id end,
      'detail', $8::text,
      'failure', case when $11::text is not null then jsonb_build_object('code', $11::text, 'detail', coalesce($8::text, '')) end
    )), $9, $10, updated_at
    from moved`)}`;
