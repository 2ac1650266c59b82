// The numbers an eUICC answers with (SGP.22 §5.5, §5.7, Annex H), by name.

export const authenticateErrorCodes = {
  invalidCertificate: 1,
  invalidSignature: 2,
  unsupportedCurve: 3,
  noSessionContext: 4,
  invalidOid: 5,
  euiccChallengeMismatch: 6,
  ciPKUnknown: 7,
  undefinedError: 127,
} as const;

export const downloadErrorCodes = {
  invalidCertificate: 1,
  invalidSignature: 2,
  unsupportedCurve: 3,
  noSessionContext: 4,
  invalidTransactionId: 5,
  undefinedError: 127,
} as const;

export const bppCommandIds = {
  initialiseSecureChannel: 0,
  configureIsdp: 1,
  storeMetadata: 2,
  storeMetadata2: 3,
  replaceSessionKeys: 4,
  loadProfileElements: 5,
} as const;

export const bppErrorReasons = {
  incorrectInputValues: 1,
  invalidSignature: 2,
  invalidTransactionId: 3,
  unsupportedCrtValues: 4,
  unsupportedRemoteOperationType: 5,
  unsupportedProfileClass: 6,
  scp03tStructureError: 7,
  scp03tSecurityError: 8,
  iccidAlreadyExistsOnEuicc: 9,
  insufficientMemoryForProfile: 10,
  interruption: 11,
  peProcessingError: 12,
  dataMismatch: 13,
  invalidNaaKey: 14,
  pprNotAllowed: 15,
  unknownError: 127,
} as const;

export const cancelSessionReasons = {
  endUserRejection: 0,
  postponed: 1,
  timeout: 2,
  pprNotAllowed: 3,
  metadataMismatch: 4,
  loadBppExecutionError: 5,
  undefinedReason: 127,
} as const;

export const cancelSessionErrorCodes = { invalidTransactionId: 5, undefinedError: 127 } as const;

export type AuthenticateErrorCode = keyof typeof authenticateErrorCodes;
export type DownloadErrorCode = keyof typeof downloadErrorCodes;
export type BppCommandId = keyof typeof bppCommandIds;
export type BppErrorReason = keyof typeof bppErrorReasons;
export type CancelSessionReason = keyof typeof cancelSessionReasons;

/** The name of a number in one of these tables, or undefined. */
export function codeName<Name extends string>(table: Record<Name, number>, code: number): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === code);
}
