// Who may register events: a server whose TLS certificate a CI that we trust has issued for this (SGP.22 §5.9, §6.1).
import { AppError } from '../../base/app_error.ts';
import { type Certificate, isValidAt, readCertificate } from '../../crypto/certificate.ts';
import { certificateFault } from '../../rsp/check_certificate.ts';
import type { SmdsCtx } from './smds.ts';

export type RegistrantRole = 'dpTls' | 'dsTls';

/**
 * The OID that owns what this client registers. `certificate` is the TLS client certificate as it came, DER. Throws
 * `unauthenticated` without one; `forbidden` when it is none of these roles under a CI that we trust, is not valid now,
 * was revoked, or names no OID.
 */
export function checkRegistrant(
  ctx: SmdsCtx,
  certificate: Uint8Array | undefined,
  roles: readonly RegistrantRole[],
): { ownerOid: string } {
  if (!certificate)
    throw new AppError('unauthenticated', 'Connect with the TLS certificate of an SM-DP+ or SM-DS.');
  const registrant = readOrRefuse(certificate);
  const [ownerOid] = registrant.registeredIds;
  if (ownerOid === undefined || !isTrusted(ctx, registrant, roles)) throw refused();
  return { ownerOid };
}

function isTrusted(
  { smds, now }: SmdsCtx,
  registrant: Certificate,
  roles: readonly RegistrantRole[],
): boolean {
  const { cis, crls } = smds.trust;
  return cis.some(
    (ci) =>
      isValidAt(ci, now) &&
      roles.some((role) => certificateFault(registrant, ci, role, now) === undefined) &&
      !crls.isRevoked(registrant, ci),
  );
}

function readOrRefuse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (cause instanceof AppError) throw refused(cause);
    throw cause;
  }
}

function refused(cause?: unknown): AppError {
  return new AppError('forbidden', 'This certificate is not that of a server that may register events.', {
    cause,
  });
}
