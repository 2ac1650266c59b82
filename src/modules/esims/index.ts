// eSIMs: what a customer has. An eSIM is made by fulfilment, and follows its profile on the SM-DP+ from then on; or its
// profile is installed already, on an eUICC by its maker or as a SIM card, and nothing is downloaded.
// Owns: esims.esims. Emits: esim.reserved, esim.available, esim.downloaded, esim.installed, esim.enabled,
// esim.disabled, esim.deleted, esim.failed, esim.updated.
// Invariants: an ICCID is one eSIM of one account; states move only as the table in esim.ts allows; a link to an
// install page cannot be guessed.
export { type AdoptedEsim, adoptEsims } from './adopt_esims.ts';
export { createEsims, type NewEsim } from './create_esims.ts';
export {
  activationCodeOf,
  type Esim,
  type EsimFailureCode,
  type EsimOrigin,
  type EsimState,
  esimStates,
} from './esim.ts';
export { failEsimsOfOrder } from './fail_esims_of_order.ts';
export { findEsimByActivationCode } from './find_esim_by_activation_code.ts';
export {
  findEsimByInstallToken,
  findEsimOfId,
  findEsims,
  getEsim,
  listEsimsOfOrder,
} from './find_esims.ts';
export { followProfile } from './follow_profile.ts';
export { type EsimFilter, listEsims } from './list_esims.ts';
export { type Comparison, type EsimCondition, type EsimsPage, listEsimsPage } from './list_esims_page.ts';
export { moveEsimRow } from './move_esim_row.ts';
export { customerReferenceCharsMax, setCustomerReference } from './set_customer_reference.ts';
