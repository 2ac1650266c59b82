// eSIMs: what a customer has. An eSIM is made by fulfilment, and follows its profile on the SM-DP+ from then on.
// Owns: esims.esims. Emits: esim.reserved, esim.available, esim.downloaded, esim.installed, esim.enabled,
// esim.disabled, esim.deleted, esim.failed.
// Invariants: an ICCID is one eSIM of one account; states move only as the table in esim.ts allows; a link to an
// install page cannot be guessed.
export { createEsims, type NewEsim } from './create_esims.ts';
export { activationCodeOf, type Esim, type EsimState } from './esim.ts';
export { findEsimByInstallToken, findEsims, getEsim, listEsims, listEsimsOfOrder } from './find_esims.ts';
export { failEsimsOfOrder, followProfile } from './follow_profile.ts';
export { moveEsimRow } from './move_esim_row.ts';
