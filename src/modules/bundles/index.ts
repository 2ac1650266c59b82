// Bundles: the allowances that an eSIM has, from their assignment on.
// Owns: bundles.bundles. Emits: bundle.assigned.
// Invariants: a bundle belongs to one eSIM of one account; what remains is never more than what was given.
export { assignBundles, type NewBundle } from './assign_bundles.ts';
export type { Bundle, BundleState } from './bundle.ts';
export { listBundles } from './list_bundles.ts';
