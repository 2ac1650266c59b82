// Trusts an eUICC: its certificate under its maker's (EUM), and that one under a CI we trust (SGP.22 §4.5.2.2, §5.6.3).
import { AppError } from '../base/app_error.ts';
import { sameBytes } from '../base/bytes.ts';
import { type Certificate, readCertificate } from '../crypto/certificate.ts';
import { certificateFault, dateFault, hasRole, isSignedByIssuer, namesIssuer } from './check_certificate.ts';
import type { VerifiedEum } from './eum_cache.ts';
import { RspError, type RspErrorCode } from './rsp_error.ts';
import type { Trust } from './trust.ts';

export type ChainInput = {
  /** As received, DER. */
  euiccCertificate: Uint8Array;
  eumCertificate: Uint8Array;
  trust: Trust;
  /** The key identifier of the CI this session was started with, if only that one will do. */
  ciKeyId?: Uint8Array | undefined;
  now: Date;
};

/** `eid` is 32 digits, from the eUICC certificate. */
export type TrustedEuicc = { euicc: Certificate; eum: Certificate; ci: Certificate; eid: string };

/**
 * Throws RspError, in this order: `ci_unknown`, `eum_certificate_invalid`, `eum_certificate_expired`,
 * `euicc_certificate_invalid`, `euicc_certificate_expired`, and `euicc_certificate_invalid` for an EID that its maker may
 * not give. A revoked certificate is invalid. General path validation does not fit: it would compare the serialNumber in the EUM's name constraints as a
 * whole, where it is a prefix.
 */
export function checkCertificateChain(input: ChainInput): TrustedEuicc {
  const { certificate: eum, issuer: ci } = checkEum(input);
  const euicc = readOr('euicc_certificate_invalid', input.euiccCertificate);
  const fault = certificateFault(euicc, eum, 'euicc', input.now);
  if (fault) throw new RspError(`euicc_certificate_${fault}`);
  if (input.trust.crls.isRevoked(euicc, eum))
    throw new RspError('euicc_certificate_invalid', 'The eUICC certificate has been revoked.');
  const eid = euicc.subjectName.serialNumber ?? '';
  if (!/^\d{32}$/.test(eid) || !mayIssue(eum, euicc, eid))
    throw new RspError('euicc_certificate_invalid', 'The EID is not one that this EUM may give.');
  return { euicc, eum, ci, eid };
}

function checkEum({ eumCertificate, trust, ciKeyId, now }: ChainInput): VerifiedEum {
  const { cis, crls, eumCache } = trust;
  const known = eumCache.get(eumCertificate);
  const verified = known && cis.includes(known.issuer) ? known : verifyEum(eumCertificate, cis);
  if (verified !== known) eumCache.put(verified);
  const { certificate, issuer } = verified;
  if (ciKeyId && !(issuer.subjectKeyId && sameBytes(issuer.subjectKeyId, ciKeyId)))
    throw new RspError('eum_certificate_invalid', 'The EUM certificate is of another certificate issuer.');
  // At each use, since a list may come after the certificate was verified.
  if (crls.isRevoked(certificate, issuer))
    throw new RspError('eum_certificate_invalid', 'The EUM certificate has been revoked.');
  const fault = dateFault(certificate, now) ?? (dateFault(issuer, now) && 'invalid');
  if (fault) throw new RspError(`eum_certificate_${fault}`);
  return verified;
}

/** Everything about an EUM certificate that neither time nor a revocation list changes. */
function verifyEum(raw: Uint8Array, trustedCis: readonly Certificate[]): VerifiedEum {
  const certificate = readOr('eum_certificate_invalid', raw);
  const issuer = trustedCis.find((ci) => namesIssuer(certificate, ci));
  if (!issuer) throw new RspError('ci_unknown');
  if (!hasRole(certificate, 'eum') || !isSignedByIssuer(certificate, issuer))
    throw new RspError('eum_certificate_invalid');
  return { certificate, issuer };
}

/** The EUM may give this EID: by the prefixes of the GSMA extension, or by its name constraints (SGP.22 §4.5.2.1.0.2). */
function mayIssue(eum: Certificate, euicc: Certificate, eid: string): boolean {
  if (eum.permittedEins) return eum.permittedEins.some((ein) => ein !== '' && eid.startsWith(ein));
  const { organization } = euicc.subjectName;
  return eum.permittedNames.some(
    (permitted) =>
      (permitted.organization === undefined || permitted.organization === organization) &&
      permitted.serialNumber !== undefined &&
      eid.startsWith(permitted.serialNumber),
  );
}

function readOr(code: RspErrorCode, raw: Uint8Array): Certificate {
  try {
    return readCertificate(raw);
  } catch (cause) {
    if (cause instanceof AppError) throw new RspError(code, undefined, cause);
    throw cause;
  }
}
