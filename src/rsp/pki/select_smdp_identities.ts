// Picks from a PKI what an SM-DP+ at this address works with: a TLS certificate, and one signing pair for each trusted CI.
import type { KeyObject } from 'node:crypto';
import { type Certificate, isValidAt } from '../../crypto/certificate.ts';
import type { Curve } from '../../crypto/curve.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { AuthIdentity } from '../authentication/authenticating_server.ts';
import type { CertificateRole } from '../certificate_roles.ts';
import { certificateFault } from '../check_certificate.ts';
import { coversHost, hostOf } from './host.ts';
import type { Identity, Pki } from './read_pki.ts';

export type SigningIdentity = Identity & { signer: Signer };
export type TlsIdentity = Identity & { privateKey: KeyObject };

/** CERT.DPauth (`auth`) and CERT.DPpb with the same OID under the same CI. */
export type SmdpIdentity = AuthIdentity & {
  ci: Certificate;
  curve: Curve;
  auth: SigningIdentity;
  dpPb: SigningIdentity;
};

export type SmdpIdentities = { identities: SmdpIdentity[]; tls: TlsIdentity | undefined };

/**
 * `identities` has at most one entry for each CI, in the order of the CIs, NIST P-256 first; `tls` is the certificate for
 * the host that is valid now, P-256 rather than Brainpool, the one that lasts longest. Where several OIDs have a pair,
 * the one in the TLS certificate wins: LPAs compare the two.
 */
export function selectSmdpIdentities(
  pki: Pki,
  { smdpAddress, now }: { smdpAddress: string; now: Date },
): SmdpIdentities {
  const tls = selectTls(pki.dpTls, hostOf(smdpAddress), now);
  const preferredOid = tls?.certificate.registeredIds[0];
  const identities = [...pki.ci].sort(nistFirst).flatMap(({ certificate: ci }) => {
    const usable = (identities: Identity[], role: CertificateRole) =>
      identities.filter(canSign).filter(({ certificate }) => !certificateFault(certificate, ci, role, now));
    const identity = selectPair(ci, usable(pki.dpAuth, 'dpAuth'), usable(pki.dpPb, 'dpPb'), preferredOid);
    return identity ? [identity] : [];
  });
  return { identities: identities.filter(firstOfItsCi), tls };
}

function selectTls(candidates: Identity[], host: string, now: Date): TlsIdentity | undefined {
  const usable = candidates
    .filter(hasKey)
    .filter(({ certificate }) => isValidAt(certificate, now) && coversHost(certificate, host));
  return usable.sort(
    (a, b) => nistFirst(a, b) || b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime(),
  )[0];
}

function selectPair(
  ci: Certificate,
  auths: SigningIdentity[],
  dpPbs: SigningIdentity[],
  preferredOid: string | undefined,
): SmdpIdentity | undefined {
  const pairs = auths.flatMap((auth) => {
    const [oid] = auth.certificate.registeredIds;
    const dpPb = dpPbs.find(
      ({ certificate }) => oid !== undefined && certificate.registeredIds.includes(oid),
    );
    return dpPb && oid !== undefined && ci.subjectKeyId
      ? [{ ci, ciKeyId: ci.subjectKeyId, curve: auth.certificate.curve, oid, auth, dpPb }]
      : [];
  });
  return pairs.find(({ oid }) => oid === preferredOid) ?? pairs[0];
}

function hasKey(identity: Identity): identity is TlsIdentity {
  return identity.privateKey !== undefined;
}

function canSign(identity: Identity): identity is SigningIdentity {
  return identity.signer !== undefined;
}

function nistFirst(a: Identity, b: Identity): number {
  return Number(b.certificate.curve === 'P-256') - Number(a.certificate.curve === 'P-256');
}

/** A CI certificate may lie in the folder twice, as DER and as PEM. */
function firstOfItsCi({ ciKeyId }: SmdpIdentity, index: number, all: SmdpIdentity[]): boolean {
  return all.findIndex((other) => Buffer.compare(other.ciKeyId, ciKeyId) === 0) === index;
}
