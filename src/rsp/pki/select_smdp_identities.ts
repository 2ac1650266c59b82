// Picks from a PKI what an SM-DP+ at this address works with: a TLS certificate, and one signing pair for each trusted CI.
import type { Certificate } from '../../crypto/certificate.ts';
import type { Curve } from '../../crypto/curve.ts';
import type { AuthIdentity } from '../authentication/authenticating_server.ts';
import type { Pki } from './read_pki.ts';
import {
  firstOfItsCi,
  nistFirst,
  type SigningIdentity,
  selectTls,
  type TlsIdentity,
  usableUnder,
} from './select_identities.ts';

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
  const tls = selectTls(pki.dpTls, smdpAddress, now);
  const preferredOid = tls?.certificate.registeredIds[0];
  const identities = [...pki.ci].sort(nistFirst).flatMap(({ certificate: ci }) => {
    const auths = usableUnder(ci, pki.dpAuth, 'dpAuth', now);
    const identity = selectPair(ci, auths, usableUnder(ci, pki.dpPb, 'dpPb', now), preferredOid);
    return identity ? [identity] : [];
  });
  return { identities: identities.filter(firstOfItsCi), tls };
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
