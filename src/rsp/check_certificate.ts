// One link of a chain: a certificate of this role, signed by this issuer, usable now (SGP.22 §4.5.2.2).
import { AppError } from '../base/app_error.ts';
import { sameBytes } from '../base/bytes.ts';
import { type Certificate, certificateKey, isSignedBy, isValidAt } from '../crypto/certificate.ts';
import { keyUsage } from '../crypto/certificate_extensions.ts';
import { type CertificateRole, roleOids } from './certificate_roles.ts';

export type CertificateFault = 'invalid' | 'expired';

const usageByRole: Partial<Record<CertificateRole, number>> = {
  ci: keyUsage.keyCertSign,
  eum: keyUsage.keyCertSign,
};

/**
 * The first thing wrong with `certificate` under `issuer`, or undefined. The dates come last: a forged certificate is
 * invalid, not expired. One that is not valid yet counts as invalid.
 */
export function certificateFault(
  certificate: Certificate,
  issuer: Certificate,
  role: CertificateRole,
  now: Date,
): CertificateFault | undefined {
  if (
    !hasRole(certificate, role) ||
    !namesIssuer(certificate, issuer) ||
    !isSignedByIssuer(certificate, issuer)
  )
    return 'invalid';
  return dateFault(certificate, now);
}

/** What is wrong with the dates alone. */
export function dateFault(certificate: Certificate, now: Date): CertificateFault | undefined {
  if (isValidAt(certificate, now)) return undefined;
  return now > certificate.notAfter ? 'expired' : 'invalid';
}

/** Role, key usage and CA flag fit, and nothing critical in it is unknown to us (RFC 5280 §4.2). */
export function hasRole(certificate: Certificate, role: CertificateRole): boolean {
  const usage = usageByRole[role] ?? keyUsage.digitalSignature;
  const mayIssue = usage === keyUsage.keyCertSign;
  return (
    certificate.policies.includes(roleOids[role]) &&
    certificate.keyUsage?.includes(usage) === true &&
    (certificate.basicConstraints?.ca ?? false) === mayIssue &&
    certificate.unknownCritical.length === 0
  );
}

/** `issuer` is the one that `certificate` names: by key identifier if it has one, and by name. */
export function namesIssuer(certificate: Certificate, issuer: Certificate): boolean {
  const { authorityKeyId } = certificate;
  if (authorityKeyId && !(issuer.subjectKeyId && sameBytes(authorityKeyId, issuer.subjectKeyId)))
    return false;
  return sameBytes(certificate.issuer, issuer.subject);
}

/** Like `isSignedBy`, but an issuer whose key cannot be imported has signed nothing. */
export function isSignedByIssuer(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return isSignedBy(certificate, certificateKey(issuer));
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
