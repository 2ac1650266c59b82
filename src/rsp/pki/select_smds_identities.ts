// Picks from a PKI what an SM-DS at this address works with: a TLS certificate, and one CERT.DSauth for each trusted CI.
import type { AuthIdentity } from '../authentication/authenticating_server.ts';
import type { Pki } from './read_pki.ts';
import { firstOfItsCi, nistFirst, selectTls, type TlsIdentity, usableUnder } from './select_identities.ts';

export type SmdsIdentities = { identities: AuthIdentity[]; tls: TlsIdentity | undefined };

/**
 * `identities` has at most one entry for each CI, NIST P-256 first; `tls` is the certificate of role DStls for the host
 * that is valid now. Where a CI certified several, the one with the OID in the TLS certificate wins.
 */
export function selectSmdsIdentities(
  pki: Pki,
  { smdsAddress, now }: { smdsAddress: string; now: Date },
): SmdsIdentities {
  const tls = selectTls(pki.dsTls, smdsAddress, now);
  const preferredOid = tls?.certificate.registeredIds[0];
  const identities = [...pki.ci].sort(nistFirst).flatMap(({ certificate: ci }): AuthIdentity[] => {
    const usable = usableUnder(ci, pki.dsAuth, 'dsAuth', now);
    const auth = usable.find(({ certificate }) => certificate.registeredIds[0] === preferredOid) ?? usable[0];
    const oid = auth?.certificate.registeredIds[0];
    return auth && oid !== undefined && ci.subjectKeyId ? [{ ciKeyId: ci.subjectKeyId, oid, auth }] : [];
  });
  return { identities: identities.filter(firstOfItsCi), tls };
}
