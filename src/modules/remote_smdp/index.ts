// Remote SM-DP+ servers: those of others that make profiles for us over ES2+, and what becomes of these profiles.
// Owns: remote_smdp.servers, remote_smdp.orders, remote_smdp.profiles, remote_smdp.reports. Emits: remote_smdp.created,
// remote_smdp.updated, remote_smdp.removed, and profile.downloaded, profile.installed, profile.enabled,
// profile.disabled, profile.deleted, profile.download_failed (resource: the ICCID) for profiles that they made.
// Invariants: nothing is sent that is not on disk before, and each call has one identifier however often it is sent, so
// that nothing is ordered twice; an order gets all its profiles, or none and what was ordered is cancelled; a server
// that does not answer is left alone for a while, by all nodes; nothing is sent while a transaction is open; a report
// counts once, and only from the server that made the profile; client keys and confirmation codes are sealed.
// Locks are taken in this order: orders by id, profiles by id, servers.

export { moveRemoteProfileRow } from './move_remote_profile.ts';
export { cancelRemoteProfiles } from './ordering/fail_remote_order.ts';
export {
  orderRemotely,
  type RemoteOrders,
  type RemoteOrdersOptions,
  startRemoteOrders,
} from './ordering/order_remotely.ts';
export { createRemoteClients, type RemoteClients } from './ordering/remote_clients.ts';
export {
  checkServed,
  isRemote,
  type RemoteUnit,
  requestRemoteProfiles,
} from './ordering/request_profiles.ts';
export {
  listSettledOrders,
  type ReadyProfile,
  type SettledOrder,
  takeReadyProfiles,
  takeSettledOrders,
} from './ordering/settled_orders.ts';
export { identifyPeer, type RemotePeer } from './progress/identify_peer.ts';
export { noteRemoteProgress, type RemoteProgressCtx } from './progress/note_remote_progress.ts';
export type { ProgressReport } from './progress/progress_report.ts';
export { createRemoteType, type NewRemoteType } from './servers/create_remote_type.ts';
export { getRemoteSmdp, listRemoteSmdps } from './servers/find_remote_smdps.ts';
export { putRemoteSmdp } from './servers/put_remote_smdp.ts';
export type { PutRemoteSmdp, RemoteSmdp } from './servers/remote_smdp.ts';
export { removeRemoteSmdp } from './servers/remove_remote_smdp.ts';
