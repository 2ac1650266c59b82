// Why an SM-DP+ refuses a function of ES9+ or ES2+: the one list of codes with what each says on the wire.

export class RspError extends Error {
  override readonly name = 'RspError';
  readonly code: RspErrorCode;
  /** Public words, shown by LPAs. */
  readonly detail: string;

  constructor(code: RspErrorCode, detail: string = rspErrorCodes[code].message, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}

export type RspFunction =
  | 'initiateAuthentication'
  | 'authenticateClient'
  | 'es11AuthenticateClient'
  | 'getBoundProfilePackage'
  | 'cancelSession';

/** `subjectCode` and `reasonCode` as in SGP.22 §5.2.6; `asn1` the error integers of the ASN.1 binding (Annex H). */
export type RspErrorEntry = {
  subjectCode: string;
  reasonCode: string;
  message: string;
  asn1?: Partial<Record<RspFunction, number>>;
};

export const rspErrorCodes = {
  // ES9+.InitiateAuthentication (SGP.22 §5.6.1).
  smdp_address_invalid: {
    subjectCode: '8.8.1',
    reasonCode: '3.8',
    message: 'The SM-DP+ address is not the address of this server.',
    asn1: { initiateAuthentication: 1 },
  },
  euicc_version_unsupported: {
    subjectCode: '8.8.3',
    reasonCode: '3.1',
    message: 'The specification version of the eUICC is not supported by this server.',
    asn1: { initiateAuthentication: 2 },
  },
  ci_key_unsupported: {
    subjectCode: '8.8.2',
    reasonCode: '3.1',
    message: 'None of the certificate issuers of the eUICC is trusted by this server.',
    asn1: { initiateAuthentication: 3 },
  },
  server_certificate_unavailable: {
    subjectCode: '8.8.4',
    reasonCode: '3.7',
    message: 'This server has no certificate that the eUICC can verify.',
  },

  // ES9+.AuthenticateClient (SGP.22 §5.6.3).
  transaction_unknown: {
    subjectCode: '8.10.1',
    reasonCode: '3.9',
    message: 'The transaction is unknown or has expired.',
    asn1: { authenticateClient: 10, getBoundProfilePackage: 95, cancelSession: 1, es11AuthenticateClient: 7 },
  },
  eum_certificate_invalid: {
    subjectCode: '8.1.2',
    reasonCode: '6.1',
    message: 'The EUM certificate cannot be verified.',
    asn1: { authenticateClient: 1, es11AuthenticateClient: 1 },
  },
  eum_certificate_expired: {
    subjectCode: '8.1.2',
    reasonCode: '6.3',
    message: 'The EUM certificate has expired.',
    asn1: { authenticateClient: 2, es11AuthenticateClient: 2 },
  },
  euicc_certificate_invalid: {
    subjectCode: '8.1.3',
    reasonCode: '6.1',
    message: 'The eUICC certificate cannot be verified.',
    asn1: { authenticateClient: 3, es11AuthenticateClient: 3 },
  },
  euicc_certificate_expired: {
    subjectCode: '8.1.3',
    reasonCode: '6.3',
    message: 'The eUICC certificate has expired.',
    asn1: { authenticateClient: 4, es11AuthenticateClient: 4 },
  },
  ci_unknown: {
    subjectCode: '8.11.1',
    reasonCode: '3.9',
    message: 'The certificate issuer of the EUM is unknown to this server.',
    asn1: { authenticateClient: 9 },
  },
  euicc_signature_invalid: {
    subjectCode: '8.1',
    reasonCode: '6.1',
    message: 'The signature of the eUICC cannot be verified.',
    asn1: { authenticateClient: 5, getBoundProfilePackage: 1, cancelSession: 2, es11AuthenticateClient: 5 },
  },
  matching_id_refused: {
    subjectCode: '8.2.6',
    reasonCode: '3.8',
    message: 'The matching identifier is not known to this server.',
    asn1: { authenticateClient: 6 },
  },
  eid_mismatch: {
    subjectCode: '8.1.1',
    reasonCode: '3.8',
    message: 'No profile is waiting for this EID, or it is meant for another one.',
    asn1: { authenticateClient: 7 },
  },
  profile_not_released: {
    subjectCode: '8.2',
    reasonCode: '1.2',
    message: 'The profile has not been released for download.',
    asn1: { authenticateClient: 8 },
  },
  download_order_expired: {
    subjectCode: '8.8.5',
    reasonCode: '4.10',
    message: 'The download order has expired.',
    asn1: { authenticateClient: 8, getBoundProfilePackage: 6 },
  },
  download_retries_exceeded: {
    subjectCode: '8.8.5',
    reasonCode: '6.4',
    message: 'The profile has been tried too often.',
    asn1: { authenticateClient: 8 },
  },
  profile_not_eligible: {
    subjectCode: '8.2.5',
    reasonCode: '4.3',
    message: 'No profile that this eUICC can install is available.',
    asn1: { authenticateClient: 8 },
  },
  euicc_memory_insufficient: {
    subjectCode: '8.1',
    reasonCode: '4.8',
    message: 'The eUICC has not enough memory for the profile.',
    asn1: { authenticateClient: 11 },
  },

  // ES9+.GetBoundProfilePackage (SGP.22 §5.6.2).
  confirmation_code_missing: {
    subjectCode: '8.2.7',
    reasonCode: '2.2',
    message: 'The confirmation code is missing.',
    asn1: { getBoundProfilePackage: 2 },
  },
  confirmation_code_refused: {
    subjectCode: '8.2.7',
    reasonCode: '3.8',
    message: 'The confirmation code is wrong.',
    asn1: { getBoundProfilePackage: 3 },
  },
  confirmation_code_retries_exceeded: {
    subjectCode: '8.2.7',
    reasonCode: '6.4',
    message: 'The confirmation code was wrong too often.',
    asn1: { getBoundProfilePackage: 4 },
  },
  binding_unavailable: {
    subjectCode: '8.2',
    reasonCode: '3.7',
    message: 'The profile cannot be bound to this eUICC again.',
    asn1: { getBoundProfilePackage: 5 },
  },

  // ES9+.CancelSession (SGP.22 §5.6.5).
  smdp_oid_mismatch: {
    subjectCode: '8.8',
    reasonCode: '3.10',
    message: 'The SM-DP+ OID is not the one of this server.',
  },

  // ES11 (SGP.22 §5.8): what an SM-DS says instead of an SM-DP+.
  smds_address_invalid: {
    subjectCode: '8.9.1',
    reasonCode: '3.8',
    message: 'The SM-DS address is not the address of this server.',
    asn1: { initiateAuthentication: 1 },
  },
  smds_euicc_version_unsupported: {
    subjectCode: '8.9.3',
    reasonCode: '3.1',
    message: 'The specification version of the eUICC is not supported by this SM-DS.',
    asn1: { initiateAuthentication: 2 },
  },
  smds_ci_key_unsupported: {
    subjectCode: '8.9.2',
    reasonCode: '3.1',
    message: 'None of the certificate issuers of the eUICC is trusted by this SM-DS.',
    asn1: { initiateAuthentication: 3 },
  },
  smds_certificate_unavailable: {
    subjectCode: '8.9.4',
    reasonCode: '3.7',
    message: 'This SM-DS has no certificate that the eUICC can verify.',
  },
  event_id_unknown: {
    subjectCode: '8.9.5',
    reasonCode: '3.9',
    message: 'There is no event with this identifier.',
    asn1: { es11AuthenticateClient: 6 },
  },

  // ES12 and ES15 (SGP.22 §5.9).
  member_missing: {
    subjectCode: '1.6',
    reasonCode: '2.2',
    message: 'A member that the function needs is missing.',
  },
  event_id_in_use: {
    subjectCode: '8.9.5',
    reasonCode: '3.3',
    message: 'There is an event with this identifier already.',
  },

  // Any function of ES9+.
  euicc_refused: {
    subjectCode: '8.1',
    reasonCode: '4.2',
    message: 'The eUICC refused the operation.',
  },
  message_invalid: {
    subjectCode: '1.6',
    reasonCode: '2.1',
    message: 'The message cannot be read.',
  },
  execution_error: {
    subjectCode: '8.8',
    reasonCode: '4.2',
    message: 'The server could not complete the operation.',
  },

  // ES2+ (SGP.22 §5.3).
  iccid_invalid: {
    subjectCode: '8.2.1',
    reasonCode: '2.1',
    message: 'This is no ICCID.',
  },
  eid_invalid: {
    subjectCode: '8.1.1',
    reasonCode: '2.1',
    message: 'This is no EID.',
  },
  iccid_unknown: {
    subjectCode: '8.2.1',
    reasonCode: '3.9',
    message: 'There is no profile with this ICCID.',
  },
  iccid_in_use: {
    subjectCode: '8.2.1',
    reasonCode: '3.3',
    message: 'The profile with this ICCID is not available.',
  },
  iccid_not_allowed: {
    subjectCode: '8.2.1',
    reasonCode: '1.2',
    message: 'The profile with this ICCID belongs to somebody else.',
  },
  profile_state_invalid: {
    subjectCode: '8.2.1',
    reasonCode: '3.5',
    message: 'The profile is not in a state that allows this.',
  },
  profile_type_unknown: {
    subjectCode: '8.2.5',
    reasonCode: '3.9',
    message: 'There is no such profile type.',
  },
  profile_type_unavailable: {
    subjectCode: '8.2.5',
    reasonCode: '3.7',
    message: 'No profile of this type is left.',
  },
  profile_type_mismatch: {
    subjectCode: '8.2.5',
    reasonCode: '3.8',
    message: 'The profile with this ICCID is not of this type.',
  },
  profile_type_not_allowed: {
    subjectCode: '8.2.5',
    reasonCode: '1.2',
    message: 'This profile type belongs to somebody else.',
  },
  matching_id_in_use: {
    subjectCode: '8.2.6',
    reasonCode: '3.3',
    message: 'The matching identifier is taken.',
  },
  matching_id_mismatch: {
    subjectCode: '8.2.6',
    reasonCode: '3.10',
    message: 'The matching identifier is not the one of this order.',
  },
  eid_missing: {
    subjectCode: '8.1.1',
    reasonCode: '2.2',
    message: 'The EID is missing.',
  },
  eid_other: {
    subjectCode: '8.1.1',
    reasonCode: '3.10',
    message: 'The EID is not the one of this order.',
  },
  smds_inaccessible: {
    subjectCode: '8.9',
    reasonCode: '5.1',
    message: 'The SM-DS cannot be reached.',
  },
  smds_refused: {
    subjectCode: '8.9',
    reasonCode: '4.2',
    message: 'The SM-DS refused the event.',
  },
} as const satisfies Record<string, RspErrorEntry>;

export type RspErrorCode = keyof typeof rspErrorCodes;

const undefinedError = 127;

/** The error integer that a function answers this code with in the ASN.1 binding; 127 where it has none of its own. */
export function asn1ErrorOf(code: RspErrorCode, rspFunction: RspFunction): number {
  const entry: RspErrorEntry = rspErrorCodes[code];
  return entry.asn1?.[rspFunction] ?? undefinedError;
}
