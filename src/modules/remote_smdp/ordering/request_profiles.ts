// An order's profiles of remote types are written down before anything is sent for them: what is on disk is ordered, once.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProfileType } from '../../inventory/index.ts';
import { isServed } from '../servers/find_remote_smdps.ts';
import type { RemoteDelivery } from './remote_profile.ts';
import { tellRemoteWork } from './remote_work.ts';

/**
 * Has these profiles ordered from their servers; `takeSettledOrders` tells when all of them are there, or none will be.
 * Call it in a `write`.
 */
export async function requestRemoteProfiles(tx: Ctx, order: RequestRemoteProfiles): Promise<void> {
  const { orderId, accountId, units } = order;
  await query(tx.db, insertOrder, [orderId, accountId, units.length]);
  await query(tx.db, insertProfiles, [
    JSON.stringify(units.map((unit) => writeRow(tx, order, unit))),
    tx.now,
  ]);
  tx.afterCommit(() => tellRemoteWork(tx));
}

export type RequestRemoteProfiles = { orderId: string; accountId: string; units: readonly RemoteUnit[] };

export type RemoteUnit = {
  /** Its place among the units of the order. */
  unit: number;
  profileType: ServedProfileType;
  delivery: RemoteDelivery;
  eid: string | null;
  confirmationCode: string | null;
};

/** One that a remote SM-DP+ serves. */
export type ServedProfileType = ProfileType & { remote: NonNullable<ProfileType['remote']> };

export function isRemote(profileType: ProfileType): profileType is ServedProfileType {
  return profileType.remote !== null;
}

/** Throws `stock_empty` when the server of this type was removed: nothing can be ordered of it now. */
export async function checkServed(ctx: Ctx, { name, remote }: ServedProfileType): Promise<void> {
  if (await isServed(ctx, remote.serverId)) return;
  throw new AppError(
    'stock_empty',
    `The SM-DP+ ${remote.smdp}, which serves profiles of type ${name}, was removed.`,
    { fields: [{ field: 'lines', detail: 'order another product' }] },
  );
}

/** What a sealed confirmation code belongs to, for the vault. */
export function codeOwner(profileId: string): string {
  return `remote profile ${profileId}`;
}

function writeRow({ vault, now }: Ctx, { orderId, accountId }: RequestRemoteProfiles, unit: RemoteUnit) {
  const id = newId('remoteProfile', now.getTime());
  const { confirmationCode: code, profileType, ...same } = unit;
  return {
    id,
    account_id: accountId,
    server_id: profileType.remote.serverId,
    order_id: orderId,
    unit: same.unit,
    profile_type: profileType.name,
    remote_profile_type: profileType.remote.profileType,
    delivery: same.delivery,
    eid: same.eid,
    confirmation_code: code === null ? null : vault.seal(Buffer.from(code), codeOwner(id)).toString('hex'),
  };
}

// Leases, retries and deadlines go by the wall clock.
const insertOrder = `
  insert into remote_smdp.orders (order_id, account_id, state, waiting, deadline_at)
  values ($1, $2, 'waiting', $3, clock_timestamp() + interval '24 hours')`;

const insertProfiles = `
  insert into remote_smdp.profiles (id, account_id, server_id, order_id, unit, profile_type, remote_profile_type,
    delivery, eid, confirmation_code, step, state, due_at, created_at)
  select id, account_id, server_id, order_id, unit, profile_type, remote_profile_type, delivery, eid,
    decode(confirmation_code, 'hex'), 'to_order', 'available', clock_timestamp(), $2
  from jsonb_to_recordset($1::jsonb) as p(id text, account_id text, server_id text, order_id text, unit integer,
    profile_type text, remote_profile_type text, delivery text, eid text, confirmation_code text)`;
