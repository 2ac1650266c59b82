// The certificate of a server as an eUICC checks it: issuer, role, key usage, dates (SGP.22 §4.5.2.2).
import { AppError } from '../../base/app_error.ts';
import {
  type Certificate,
  certificateFingerprint,
  certificateKey,
  isValidAt,
  readCertificate,
} from '../../crypto/certificate.ts';
import type { CertificateRole } from '../../rsp/certificate_roles.ts';
import { hasRole, isSignedByIssuer, namesIssuer } from '../../rsp/check_certificate.ts';

/** A certificate that names one RSP server by its OID. */
export type ServerCertificate = { certificate: Certificate; oid: string };

/**
 * The certificate, when `ci` issued it for one of `allowed` and it is valid now; undefined when it is not. Server
 * certificates are few, so a signature once verified is remembered; the rest is checked each time.
 */
export function checkServerCertificate(
  raw: Uint8Array,
  { ci, allowed, now }: { ci: Certificate; allowed: readonly CertificateRole[]; now: Date },
): ServerCertificate | undefined {
  const certificate = readIssued(raw, ci);
  if (!certificate || !isValidAt(certificate, now)) return undefined;
  const [oid] = certificate.registeredIds;
  if (oid === undefined || !allowed.some((role) => hasRole(certificate, role))) return undefined;
  return { certificate, oid };
}

const issuedMax = 64;
const issued = new WeakMap<Certificate, Map<string, Certificate>>();

function readIssued(raw: Uint8Array, ci: Certificate): Certificate | undefined {
  const known = issued.get(ci) ?? new Map<string, Certificate>();
  issued.set(ci, known);
  const fingerprint = certificateFingerprint(raw);
  const found = known.get(fingerprint);
  if (found) return found;
  const certificate = readOrRefuse(raw);
  if (!certificate || !namesIssuer(certificate, ci) || !isSignedByIssuer(certificate, ci)) return undefined;
  if (known.size >= issuedMax) known.clear();
  known.set(fingerprint, certificate);
  return certificate;
}

function readOrRefuse(raw: Uint8Array): Certificate | undefined {
  try {
    const certificate = readCertificate(Uint8Array.from(raw));
    certificateKey(certificate);
    return certificate;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
