// Adds to a test PKI what it lacks for the addresses of this installation: whoever holds the key of a CI can certify anything.
import { concat, toHex } from '../../base/bytes.ts';
import { makeCertificate } from '../../crypto/make_certificate.ts';
import { generateSigningKey, writeSigningKey } from '../../crypto/signing_key.ts';
import { certificateFault } from '../check_certificate.ts';
import { coversHost, hostOf } from './host.ts';
import { writeCertificatePem } from './pem_identity.ts';
import type { Identity, Pki } from './read_pki.ts';
import { firstOfItsCi, hasKey, selectTls, type TlsIdentity, usableUnder } from './select_identities.ts';
import { selectSmdpIdentities } from './select_smdp_identities.ts';
import { type ServerRole, serverFiles, serverRequest, testSmdpOid, testSmdsOid } from './server_requests.ts';

export type WantedServers = {
  /** host or host:port each; the first one is for new orders. */
  smdpAddresses: readonly string[];
  smdsAddress?: string | undefined;
  now: Date;
};

/**
 * PEM files (certificate and key in one) by name, one set for each CI whose private key is in `pki`; none for a PKI
 * without such a key. They last ten years, but no longer than their CI.
 */
export function completeTestPki(pki: Pki, wanted: WantedServers): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const ci of testCis(pki)) {
    for (const server of missing(pki, ci, wanted))
      files.set(fileName(ci, server, wanted.now), issueServerFile(ci, server, wanted.now));
  }
  return files;
}

const validityYears = 10;
const dayMs = 24 * 3600 * 1000;

export type ServerCertificate = { role: ServerRole; address: string; oid: string };

/** A certificate under this CI with its key, as one PEM file. */
export function issueServerFile(
  { certificate, privateKey }: TlsIdentity,
  { role, address, oid }: ServerCertificate,
  now: Date,
): Uint8Array {
  const key = generateSigningKey(certificate.curve);
  const tenYears = new Date(now);
  tenYears.setUTCFullYear(tenYears.getUTCFullYear() + validityYears);
  const made = makeCertificate({
    ...serverRequest(role, address, oid),
    key,
    issuer: {
      name: certificate.subject,
      key: { curve: certificate.curve, privateKey, publicPoint: certificate.publicPoint },
      keyId: certificate.subjectKeyId,
    },
    // A day early, so that a device whose clock is a little behind accepts them too.
    notBefore: new Date(Math.max(now.getTime() - dayMs, certificate.notBefore.getTime())),
    notAfter: new Date(Math.min(tenYears.getTime(), certificate.notAfter.getTime())),
  });
  return concat(Buffer.from(writeCertificatePem(made)), Buffer.from(writeSigningKey(key)));
}

/** Says under which CI and when, so that no file of another CI or of long ago is in the way. */
function fileName({ certificate }: TlsIdentity, { role, address }: ServerCertificate, now: Date): string {
  const host = hostOf(address).replace(/[^a-z0-9.-]/g, '_');
  const ci = toHex(certificate.publicPoint.subarray(1, 5));
  const day = now.toISOString().slice(0, 10);
  return `${serverFiles[role].folder}_${certificate.curve}_${host}_${ci}_${day}.pem`;
}

function testCis(pki: Pki): TlsIdentity[] {
  return pki.ci
    .filter(hasKey)
    .map((ci) => ({ ...ci, ciKeyId: ci.certificate.subjectKeyId ?? ci.certificate.publicPoint }))
    .filter(firstOfItsCi);
}

function missing(pki: Pki, ci: TlsIdentity, wanted: WantedServers): ServerCertificate[] {
  const { smdpAddresses, smdsAddress, now } = wanted;
  return [
    ...smdpAddresses.flatMap((address, index) => missingOfSmdp(pki, ci, address, index === 0, now)),
    ...(smdsAddress === undefined ? [] : missingOfSmds(pki, ci, smdsAddress, now)),
  ];
}

/** The pair is wanted once: without one of its own, an address goes by that of the others. */
function missingOfSmdp(
  pki: Pki,
  ci: TlsIdentity,
  address: string,
  isFirst: boolean,
  now: Date,
): ServerCertificate[] {
  const { identities } = selectSmdpIdentities({ ...pki, ci: [ci] }, { smdpAddress: address, now });
  const usual = usableUnder(ci.certificate, pki.dpAuth, 'dpAuth', now).some(({ certificate }) =>
    certificate.registeredIds.includes(testSmdpOid),
  );
  const own = usual ? testSmdpOid : identities[0]?.oid;
  const oid = oidOfHost(pki.dpTls, address) ?? own ?? testSmdpOid;
  const roles: ServerRole[] = identities.length > 0 || !isFirst ? [] : ['dpAuth', 'dpPb'];
  if (!selectTls(under(pki.dpTls, ci, 'dpTls', now), address, now)) roles.push('dpTls');
  return roles.map((role) => ({ role, address, oid }));
}

function missingOfSmds(pki: Pki, ci: TlsIdentity, address: string, now: Date): ServerCertificate[] {
  const [auth] = usableUnder(ci.certificate, pki.dsAuth, 'dsAuth', now);
  const oid = auth?.certificate.registeredIds[0] ?? testSmdsOid;
  const roles: ServerRole[] = auth ? [] : ['dsAuth'];
  if (!selectTls(under(pki.dsTls, ci, 'dsTls', now), address, now)) roles.push('dsTls');
  return roles.map((role) => ({ role, address, oid }));
}

function under(all: readonly Identity[], ci: Identity, role: ServerRole, now: Date): Identity[] {
  return all.filter(({ certificate }) => !certificateFault(certificate, ci.certificate, role, now));
}

/** The OID that a certificate for this host had, even if it has expired or its key is not here. */
function oidOfHost(tls: readonly Identity[], address: string): string | undefined {
  const host = hostOf(address);
  return tls.find(({ certificate }) => coversHost(certificate, host))?.certificate.registeredIds[0];
}
