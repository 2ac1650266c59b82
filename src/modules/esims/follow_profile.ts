// An eSIM follows its profile: what happens on the SM-DP+ or the device is written here in the same transaction.
import { assert } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { EventType, NewEvent } from '../events/index.ts';
import type { ProfileMove } from '../smdp/index.ts';
import { comesFrom, type EsimState } from './esim.ts';

/** Moves the eSIM of this profile along, if there is one and it may go there, and gives the events to be told of it. */
export async function followProfile(ctx: Ctx, move: ProfileMove): Promise<NewEvent[]> {
  assert(ctx.db.isTransaction, 'an eSIM moves with its profile');
  const state = esimStates[move.to];
  if (state === undefined) return [];
  const [row] = await query<{ id: string; account_id: string }>(ctx.db, moveEsim, [
    move.iccid,
    state,
    comesFrom[state],
    move.enabled ?? null,
    move.eid ?? null,
    move.at,
  ]);
  if (!row) return [];
  const data = {
    iccid: move.iccid,
    state,
    ...(move.eid && { eid: move.eid }),
    ...(move.detail && { detail: move.detail }),
  };
  return [{ accountId: row.account_id, type: eventType(state, move.enabled), resourceId: row.id, data }];
}

/** What an eSIM is when its profile is in this state; nothing is said of profiles that are not open for download yet. */
const esimStates: Partial<Record<ProfileMove['to'], EsimState>> = {
  released: 'available',
  downloaded: 'downloaded',
  installed: 'installed',
  deleted: 'deleted',
  error: 'failed',
  unavailable: 'failed',
};

function eventType(state: EsimState, enabled: boolean | undefined): EventType {
  if (enabled === undefined) return `esim.${state}`;
  return enabled ? 'esim.enabled' : 'esim.disabled';
}

/** Marks the eSIMs of an order that could not be fulfilled, and gives their ICCIDs. */
export async function failEsimsOfOrder(ctx: Ctx, orderId: string): Promise<string[]> {
  const rows = await query<{ iccid: string }>(
    ctx.db,
    "update esims.esims set state = 'failed' where order_id = $1 returning iccid",
    [orderId],
  );
  return rows.map((row) => row.iccid);
}

const moveEsim = `
  update esims.esims
  set state = $2, enabled = case when $2 = 'installed' then coalesce($4, enabled) else false end, eid = coalesce($5, eid),
    downloaded_at = case when $2 = 'downloaded' then coalesce(downloaded_at, $6) else downloaded_at end,
    installed_at = case when $2 = 'installed' then coalesce(installed_at, $6) else installed_at end,
    deleted_at = case when $2 = 'deleted' then $6 else deleted_at end
  where iccid = $1 and state = any($3) and (state <> $2 or enabled is distinct from coalesce($4, enabled))
  returning id, account_id`;
