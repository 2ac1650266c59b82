// The SM-DP+: takes orders of operators (SGP.22 ES2+), offers profiles to eUICCs, binds them, and follows what becomes of
// them (ES9+).
// Owns: smdp.profiles, smdp.cancelled_orders, smdp.function_requesters, smdp.progress_reports, smdp.smds_events, smdp.sessions,
// smdp.downloads, smdp.notifications, smdp.crls, smdp.crl_sources, smdp.certificate_notices. Emits: profile.allocated,
// profile.confirmed, profile.cancelled, profile.downloaded, profile.download_failed, profile.installed, profile.enabled,
// profile.disabled, profile.deleted, profile.expired; by its operator's hand profile.reset, profile.released,
// profile.rebound (resource: the ICCID); function_requester.created, .updated, .removed.
// Invariants: a profile is bound only to an eUICC that proved itself, for which it is meant, and that it is not
// installed on; once downloaded it belongs to that eUICC. Each binding, confirmation code and notification counts once,
// durably, on whichever node it arrives. Nothing changes by what is not proven. Every move of a profile is told in its
// own transaction: as an event, to `profileMoved`, and to the operator who ordered it over ES2+, at least once and in the
// order of each ICCID. A repeated ES2+ call does nothing twice. Sessions may be lost in a power cut: that costs a client a retry. One in
// which an eUICC was proven is kept for 30 days after its end, with each call and the codes it was refused with.
export { crlsRevision, fetchCrls, listCrls } from './certificates/fetch_crls.ts';
export type { SmdpServer } from './certificates/smdp_servers.ts';
export { tellReloaded, warnOfExpiry } from './certificates/warn_of_expiry.ts';
export { type WatchedCertificate, watchedCertificates } from './certificates/watched_certificates.ts';
export { type CancelOrder, cancelOrder } from './es2/cancel_order.ts';
export { type ConfirmedOrder, type ConfirmOrder, confirmOrder } from './es2/confirm_order.ts';
export { type DownloadOrder, downloadOrder } from './es2/download_order.ts';
export type { Es2Caller } from './es2/es2_call.ts';
export { releaseProfile } from './es2/release_profile.ts';
export {
  type AuthenticateClient,
  authenticateClient,
  type OfferedProfile,
} from './es9/authenticate_client.ts';
export { type CancelSession, cancelSession } from './es9/cancel_session.ts';
export {
  type BoundProfilePackage,
  type GetBoundProfilePackage,
  getBoundProfilePackage,
} from './es9/get_bound_profile_package.ts';
export { type HandleNotification, handleNotification } from './es9/handle_notification.ts';
export { initiateAuthentication } from './es9/initiate_authentication.ts';
export { type InstallationResult, readInstallationResult } from './es9/installation_result.ts';
export type { SessionFunction, SessionStep } from './es9/session_step.ts';
export type { SessionOutcome } from './es9/sessions_sql.ts';
export { sweepSessions } from './es9/sweep_sessions.ts';
export { expireProfile } from './operator/expire_profile.ts';
export { getProfile, listProfiles, type ProfileFilter } from './operator/find_profiles.ts';
export type { OperatedProfile } from './operator/operated_profile.ts';
export type { OperatorCtx, OperatorSmdp } from './operator/operator_ctx.ts';
export { listProfileNotifications, type ProfileNotification } from './operator/profile_notifications.ts';
export { pushProfile } from './operator/push_profile.ts';
export { rebindProfile } from './operator/rebind_profile.ts';
export { type ReleaseAgain, releaseAgain } from './operator/release_again.ts';
export { resetProfile } from './operator/reset_profile.ts';
export { listSessionsOfEid, listSessionsOfProfile, type RspSession } from './operator/rsp_session.ts';
export { profilesDueWork } from './profiles/expire_profiles.ts';
export { findProfileByMatchingId } from './profiles/find_profile_by_matching_id.ts';
export type { ProfileMove, ProfileMoved, ProfileState } from './profiles/profile.ts';
export {
  moveProfileRow,
  type ProfileToRelease,
  type ReleasedProfile,
  releaseProfiles,
  withdrawProfiles,
} from './profiles/release_profiles.ts';
export { deleteOldReports } from './progress/delete_old_reports.ts';
export { startProgress } from './progress/start_progress.ts';
export {
  defaultSmdsAddress,
  onPushWaiting,
  type Push,
  usePush,
} from './push/push.ts';
export { pushEvents } from './push/push_events.ts';
export { rebindPush } from './push/rebind_push.ts';
export { registerEventNow } from './push/register_event_now.ts';
export { registerPush } from './push/register_push.ts';
export type { EventOfProfile } from './push/smds_events_sql.ts';
export { withdrawPush } from './push/withdraw_push.ts';
export {
  authenticateRequester,
  type PeerCertificates,
  requesterNamed,
} from './requesters/authenticate_requester.ts';
export { getRequester, listRequesters } from './requesters/find_requesters.ts';
export type { FunctionRequester, PutRequester } from './requesters/function_requester.ts';
export { type CertificateDescription, describeCertificates } from './requesters/pem_certificates.ts';
export { putRequester } from './requesters/put_requester.ts';
export { removeRequester } from './requesters/remove_requester.ts';
export {
  checkTls,
  type LoadSmdp,
  loadSmdp,
  reloadSmdp,
  type Smdp,
  type SmdpCtx,
  type SmdpSettings,
  smdpSettingsDefault,
  tlsOf,
} from './smdp.ts';
