// Inventory: the SIM profiles an operator owns and may sell, and the types they are made from.
// Owns: inventory.profile_types, inventory.batches, inventory.sim_profiles. Emits: profile_type.created, batch.created.
// Invariants: an ICCID and an IMSI are in stock once; a SIM profile is given out once only; one of a SIM card goes to who
// knows its registration code and never to an order; Ki, OPc, PINs, OTA keys and registration codes are at rest only sealed.

// What an operator may ask about a package before it becomes a profile type.
export { checkProfilePackage, type Finding } from '../../rsp/profile/check_profile_package.ts';
export { inspectProfilePackage, type ProfilePackageInfo } from '../../rsp/profile/inspect_profile_package.ts';
export { addStock, type NewSimProfile, type NewStock } from './add_stock.ts';
export { type GeneratedBatch, type GeneratedStock, generateStock } from './generate_stock.ts';
export { getSubscription } from './get_subscription.ts';
export type { NewProfileType, ProfileMetadata, ProfileType } from './profile_type.ts';
export { createProfileType, findProfileType, getProfileType, listProfileTypes } from './profile_types.ts';
export { openRegistrationCodes, type RegistrationCode } from './registration_code.ts';
export { hasStock, listStockLevels, type StockLevel } from './stock_levels.ts';
export { openSubscription, type StockProfile } from './stock_profile.ts';
export { takeCard } from './take_card.ts';
export { takeIccids } from './take_iccids.ts';
export { giveBackReserved, giveBackTaken, reserveStock, takeReserved, takeStock } from './take_stock.ts';
export type { TakenSim } from './taken_sim.ts';
