// A profile that a remote SM-DP+ makes for an order of ours: the steps of ordering it, and what it is there by now.
import type { Id } from '../../../base/ids.ts';
import type { ProfileState } from '../../smdp/index.ts';

/** What is done next, or was done last. A step that ends in `to_…` is a call to be made. */
export type RemoteStep =
  | 'to_order'
  | 'to_confirm'
  | 'ready'
  | 'delivered'
  | 'failed'
  | 'to_cancel'
  | 'cancelled';

export type RemoteDelivery = 'activation_code' | 'default_smdp' | 'smds';

export type RemoteProfile = {
  id: Id<'remoteProfile'>;
  accountId: string;
  serverId: Id<'remoteSmdp'>;
  orderId: string;
  /** Its place among the units of the order. */
  unit: number;
  profileType: string;
  remoteProfileType: string;
  delivery: RemoteDelivery;
  eid: string | null;
  /** Sealed for the id of the profile. */
  confirmationCode: Buffer | null;
  step: RemoteStep;
  iccid: string | null;
  matchingId: string | null;
  smdpAddress: string | null;
  state: ProfileState;
  /** When something was first sent for it. */
  calledAt: Date | null;
  /** How often the call under way failed. */
  attempts: number;
};

export type RemoteProfileRow = {
  id: string;
  account_id: string;
  server_id: string;
  order_id: string;
  unit: number;
  profile_type: string;
  remote_profile_type: string;
  delivery: RemoteDelivery;
  eid: string | null;
  confirmation_code: Buffer | null;
  step: RemoteStep;
  iccid: string | null;
  matching_id: string | null;
  smdp_address: string | null;
  state: ProfileState;
  called_at: Date | null;
  attempts: number;
};

export const remoteProfileColumns =
  'id, account_id, server_id, order_id, unit, profile_type, remote_profile_type, delivery, eid, confirmation_code, step, iccid, matching_id, smdp_address, state, called_at, attempts';

export function readRemoteProfile(row: RemoteProfileRow): RemoteProfile {
  return {
    id: row.id as Id<'remoteProfile'>,
    accountId: row.account_id,
    serverId: row.server_id as Id<'remoteSmdp'>,
    orderId: row.order_id,
    unit: row.unit,
    profileType: row.profile_type,
    remoteProfileType: row.remote_profile_type,
    delivery: row.delivery,
    eid: row.eid,
    confirmationCode: row.confirmation_code,
    step: row.step,
    iccid: row.iccid,
    matchingId: row.matching_id,
    smdpAddress: row.smdp_address,
    state: row.state,
    calledAt: row.called_at,
    attempts: row.attempts,
  };
}
