// Inventory: the SIM profiles an operator owns and may sell, and the types they are made from.
// Owns: inventory.profile_types, inventory.batches, inventory.sim_profiles, inventory.transport_keys, inventory.imports and
// its chunks, numbers and faults. Emits: profile_type.created, batch.created, import.completed, import.failed,
// transport_key.put, transport_key.removed.
// Invariants: an ICCID and an IMSI are in stock once; a SIM profile is given out once only; one of a SIM card goes to who
// knows its registration code and never to an order; Ki, OPc, PINs, OTA keys, registration codes, transport keys and the
// lines of files are at rest only sealed; every line of a file is added or rejected once, whichever node reads it.

// What an operator may ask about a package before it becomes a profile type.
export { checkProfilePackage, type Finding } from '../../rsp/profile/check_profile_package.ts';
export { inspectProfilePackage, type ProfilePackageInfo } from '../../rsp/profile/inspect_profile_package.ts';
export { addStock, type NewSimProfile, type NewStock } from './add_stock.ts';
export { type GeneratedBatch, type GeneratedStock, generateStock } from './generate_stock.ts';
export { getSubscription } from './get_subscription.ts';
export { cancelImport } from './imports/cancel_import.ts';
export { type KeyColumn, keyColumns } from './imports/columns.ts';
export { type ImportLayout, importLayouts } from './imports/file_head.ts';
export { getImport, type ImportFault, listImportFaults, listImports } from './imports/find_imports.ts';
export type { ImportStatus, StockImport } from './imports/import.ts';
export { importLimits } from './imports/import_limits.ts';
export {
  dropImport,
  type NewImport,
  type ReceivedImport,
  receiveImport,
  startImport,
} from './imports/receive_import.ts';
export { dropAbandonedImports, workOnImports } from './imports/work_on_imports.ts';
export type {
  LocalChange,
  NewProfileType,
  ProfileMetadata,
  ProfileType,
  RemoteType,
} from './profile_type.ts';
export { profileTypeNames } from './profile_type_names.ts';
export { listProfileTypeOwners } from './profile_type_owners.ts';
export {
  createProfileType,
  findProfileType,
  getProfileType,
  getProfileTypeOf,
  listProfileTypes,
} from './profile_types.ts';
export { openRegistrationCodes, type RegistrationCode } from './registration_code.ts';
export {
  ensureTestProfileType,
  findTestProfileType,
  testProfileType,
} from './sandbox_profile_type.ts';
export { hasStock, listStockLevels, type StockLevel } from './stock_levels.ts';
export { openSubscription, type StockProfile } from './stock_profile.ts';
export { takeCard } from './take_card.ts';
export { takeIccids } from './take_iccids.ts';
export { findProfileTypeOf, takeByIccid, takeOne } from './take_single.ts';
export { giveBackReserved, giveBackTaken, reserveStock, takeReserved, takeStock } from './take_stock.ts';
export type { TakenSim } from './taken_sim.ts';
export {
  listTransportKeys,
  type NewTransportKey,
  putTransportKey,
  removeTransportKey,
} from './transport_keys/put_transport_key.ts';
export {
  type TransportAlgorithm,
  type TransportKey,
  transportAlgorithms,
} from './transport_keys/transport_key.ts';
