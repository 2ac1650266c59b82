// What choosing certificates for an SM-DP+ and for an SM-DS have in common: usable now, with a key, NIST P-256 first.
import type { KeyObject } from 'node:crypto';
import { sameBytes } from '../../base/bytes.ts';
import { type Certificate, isValidAt } from '../../crypto/certificate.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { CertificateRole } from '../certificate_roles.ts';
import { certificateFault } from '../check_certificate.ts';
import { coversHost, hostOf } from './host.ts';
import type { Identity } from './read_pki.ts';

export type SigningIdentity = Identity & { signer: Signer };
export type TlsIdentity = Identity & { privateKey: KeyObject };

/** The certificate for the host that is valid now: P-256 rather than Brainpool, then the one that lasts longest. */
export function selectTls(
  candidates: readonly Identity[],
  address: string,
  now: Date,
): TlsIdentity | undefined {
  const host = hostOf(address);
  const usable = candidates
    .filter(hasKey)
    .filter(({ certificate }) => isValidAt(certificate, now) && coversHost(certificate, host));
  return usable.sort(
    (a, b) => nistFirst(a, b) || b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime(),
  )[0];
}

/** Those of this role that can sign and that `ci` certified, valid now. */
export function usableUnder(
  ci: Certificate,
  candidates: readonly Identity[],
  role: CertificateRole,
  now: Date,
): SigningIdentity[] {
  return candidates
    .filter(canSign)
    .filter(({ certificate }) => !certificateFault(certificate, ci, role, now));
}

export function nistFirst(
  a: { certificate: Pick<Certificate, 'curve'> },
  b: { certificate: Pick<Certificate, 'curve'> },
): number {
  return Number(b.certificate.curve === 'P-256') - Number(a.certificate.curve === 'P-256');
}

/** A CI certificate may lie in the folder twice, as DER and as PEM. */
export function firstOfItsCi(
  { ciKeyId }: { ciKeyId: Uint8Array },
  index: number,
  all: readonly { ciKeyId: Uint8Array }[],
): boolean {
  return all.findIndex((other) => sameBytes(other.ciKeyId, ciKeyId)) === index;
}

export function hasKey(identity: Identity): identity is TlsIdentity {
  return identity.privateKey !== undefined;
}

function canSign(identity: Identity): identity is SigningIdentity {
  return identity.signer !== undefined;
}
