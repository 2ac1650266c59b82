// The SM-DP+: offers profiles to eUICCs, binds them, and follows what becomes of them (SGP.22 ES9+).
// Owns: smdp.profiles, smdp.sessions, smdp.downloads, smdp.notifications. Emits: profile.downloaded,
// profile.download_failed, profile.installed, profile.enabled, profile.disabled, profile.deleted, profile.expired
// (resource: the ICCID).
// Invariants: a profile is bound only to an eUICC that proved itself, for which it is meant, and that it is not
// installed on; once downloaded it belongs to that eUICC. Each binding, confirmation code and notification counts once,
// durably, on whichever node it arrives. Nothing changes by what is not proven. Every move of a profile is told in its
// own transaction: as an event, and to `profileMoved`. Sessions may be lost in a power cut: that costs a client a retry.
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
export { sweepSessions } from './es9/sweep_sessions.ts';
export { profilesDueWork } from './profiles/expire_profiles.ts';
export type { ProfileMove, ProfileMoved, ProfileState } from './profiles/profile.ts';
export {
  moveProfileRow,
  type ProfileToRelease,
  type ReleasedProfile,
  releaseProfiles,
  withdrawProfiles,
} from './profiles/release_profiles.ts';
export {
  type LoadSmdp,
  loadSmdp,
  type Smdp,
  type SmdpCtx,
  type SmdpSettings,
} from './smdp.ts';
