// Bundles: the allowances of an eSIM (data, messages, voice), from their assignment to their end, and what is charged
// to them. Owns: bundles.bundles. Emits: bundle.assigned, bundle.started, bundle.threshold_reached, bundle.throttled,
// bundle.speed_restored, bundle.depleted, bundle.expired, bundle.lapsed, bundle.revoked.
// Invariants: states move as the table in bundle.ts says; a bundle starts with the first use, or at its activation date
// (without autostart: at once) as soon as no active bundle has the same allowance in one of its countries; it ends
// validityDays × 24 h later, or when all of it is used. Usage is charged to the oldest active bundle that has some left
// and covers the country, else the oldest queued one starts; what is too much for one goes over into the next; what
// nobody has stays uncharged. Never more is charged than was used, nor to a bundle more than it had. In whatever order
// and batches records come, the outcome is that of their time order, save that what the clock ended stays ended and
// what was told is not told again. Only unused bundles are revoked, and given back once. Locks: lines before bundles,
// bundles by id.
export { activateBundle } from './activate_bundle.ts';
export { type Allowance, type AllowanceKind, remainingOf } from './allowance.ts';
export { assignBundles, type NewBundle } from './assign_bundles.ts';
export type { Bundle, BundleState } from './bundle.ts';
export { bundlesDueWork } from './bundles_due_work.ts';
export { type Compatibility, checkCompatibility, type ReasonCode } from './check_compatibility.ts';
export { bundlesPerEsimMax, checkQueueRoom, findLittleRoom } from './check_queue_room.ts';
export { type BundlesOfOrder, findBundleIds } from './find_bundle_ids.ts';
export { findIncompatible } from './find_incompatible.ts';
export {
  type BundleFilter,
  getBundle,
  listBundles,
  listBundlesOfAccount,
} from './list_bundles.ts';
export { type BundlesPage, countBundles, countOpenBundles, listBundlesPage } from './list_bundles_page.ts';
export { moveBundleRows } from './move_bundle_rows.ts';
export { type MoveEsim, moveEsim } from './move_esim.ts';
export type { Charge, UsageRecord } from './rating/charge_record.ts';
export { type LineUsage, rateUsage } from './rating/rate_usage.ts';
export type { RatedRecord } from './rating/rewind_line.ts';
export { getRevocation, type Refund, type RefundTo, type Revocation } from './revocation.ts';
export { type RevokeBundle, revokeBundle } from './revoke_bundle.ts';
export { withdrawBundles } from './withdraw_bundles.ts';
