// A PKI of our own: complete, trusted by its own chain check and by TLS, and found again whatever its files are called.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { present } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { readSigningKey } from '../../crypto/signing_key.ts';
import { checkCertificateChain } from '../check_certificate_chain.ts';
import { createTrust } from '../trust.ts';
import { coversHost, hostOf, ipBytes } from './host.ts';
import { makeTestEuicc, testEumName } from './make_test_euicc.ts';
import { makeTestPki, testEid } from './make_test_pki.ts';
import { type PkiFile, readPki } from './read_pki.ts';
import { selectSmdpIdentities } from './select_smdp_identities.ts';

const now = new Date();
const smdpAddress = 'smdp.example.com';

function filesOf(pki: Map<string, Uint8Array>): PkiFile[] {
  return [...pki].map(([path, bytes]) => ({ path, bytes }));
}

for (const curve of ['P-256', 'brainpoolP256r1'] as const)
  test(`${curve}: a made PKI gives one identity with its TLS certificate, and an eUICC that it trusts`, () => {
    const pki = readPki(filesOf(makeTestPki({ smdpAddress, now, curve })));
    assert.deepEqual(pki.unusable, []);
    const { identities, tls } = selectSmdpIdentities(pki, { smdpAddress, now });
    assert.equal(identities.length, 1);
    const [identity] = identities;
    assert.equal(identity?.curve, curve);
    assert.equal(identity?.oid, '2.999.10');
    assert.deepEqual(tls?.certificate.dnsNames, [smdpAddress]);
    const [euicc, eum, ci] = [pki.euicc[0], pki.eum[0], pki.ci[0]].map(
      (entry) => present(entry, 'role').certificate,
    );
    const chain = checkCertificateChain({
      euiccCertificate: present(euicc, 'eUICC').raw,
      eumCertificate: present(eum, 'EUM').raw,
      trust: createTrust([present(ci, 'CI')]),
      now,
    });
    assert.equal(chain.eid, testEid);
  });

test('files are recognised by what is in them, not by their names or form', () => {
  const made = [...makeTestPki({ smdpAddress, now })];
  const shuffled = made.reverse().map(([path, bytes], index) => ({
    path: `${index}.bin`,
    bytes: path.endsWith('.der') ? Buffer.from(new X509Certificate(bytes).toString()) : bytes,
  }));
  const oneFile = { path: 'all.pem', bytes: Buffer.concat(shuffled.map(({ bytes }) => bytes)) };
  for (const files of [shuffled, [oneFile]]) {
    const { identities, tls } = selectSmdpIdentities(readPki(files), { smdpAddress, now });
    assert.equal(identities.length, 1);
    assert.ok(tls);
  }
  const junk = readPki([
    { path: 'README', bytes: Buffer.from('hello') },
    { path: 'cut.der', bytes: Buffer.from('3082', 'hex') },
  ]);
  assert.deepEqual(
    junk.unusable.map(({ path }) => path),
    ['README', 'cut.der'],
  );
});

test('without its key, out of its dates or for another host, nothing is selected', () => {
  const pki = makeTestPki({ smdpAddress, now });
  const select = (files: PkiFile[], address: string, at: Date) =>
    selectSmdpIdentities(readPki(files), { smdpAddress: address, now: at });
  const noKeys = filesOf(pki).filter(({ path }) => path.endsWith('.der'));
  assert.deepEqual(select(noKeys, smdpAddress, now), { identities: [], tls: undefined });
  const later = new Date('2090-01-01T00:00:00Z');
  assert.deepEqual(select(filesOf(pki), smdpAddress, later), { identities: [], tls: undefined });
  assert.equal(select(filesOf(pki), 'other.example.com', now).tls, undefined);
  assert.ok(select(filesOf(pki), 'SMDP.example.com:8443', now).tls);
});

test('a fleet of eUICCs can be made under the EUM', () => {
  const files = makeTestPki({ smdpAddress, now });
  const pki = readPki(filesOf(files));
  const eumKey = readSigningKey(present(files.get('EUM/SK_EUM_ECDSA_NIST.pem'), 'key'));
  const { certificate } = makeTestEuicc({
    eumKey,
    eid: '89049032000000000000000000000123',
    notBefore: now,
    notAfter: new Date(now.getTime() + 1e6),
  });
  const eum = present(pki.eum[0], 'EUM').certificate;
  assert.equal(eum.subjectName.organization, testEumName.organization);
  const chain = checkCertificateChain({
    euiccCertificate: certificate,
    eumCertificate: eum.raw,
    trust: createTrust(pki.ci.map((c) => c.certificate)),
    now,
  });
  assert.equal(chain.eid, '89049032000000000000000000000123');
});

for (const [address, servername, curve] of [
  ['localhost', 'localhost', 'P-256'],
  ['127.0.0.1:8443', undefined, 'P-256'],
  [smdpAddress, smdpAddress, 'P-256'],
  ['localhost', 'localhost', 'brainpoolP256r1'],
] as const)
  test(`a TLS client that trusts the CI connects to ${address} (${curve})`, async () => {
    const pki = readPki(filesOf(makeTestPki({ smdpAddress: address, now, curve })));
    const tls = present(selectSmdpIdentities(pki, { smdpAddress: address, now }).tls, 'TLS certificate');
    const ca = new X509Certificate(present(pki.ci[0], 'CI').certificate.raw).toString();
    const brainpool =
      curve === 'P-256' ? {} : { maxVersion: 'TLSv1.2' as const, ecdhCurve: 'P-256:brainpoolP256r1' };
    const server = createServer(
      {
        cert: new X509Certificate(tls.certificate.raw).toString(),
        key: tls.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        ...brainpool,
      },
      (socket) => socket.end('ok'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const authorized = await new Promise((resolve, reject) => {
        const socket = connect(
          { host: '127.0.0.1', port, ca, ...(servername ? { servername } : {}), ...brainpool },
          () => {
            resolve(socket.authorized);
            socket.destroy();
          },
        );
        socket.on('error', reject);
      });
      assert.equal(authorized, true);
    } finally {
      server.close();
    }
  });

test('hosts are taken out of addresses and compared without regard to case', () => {
  assert.equal(hostOf('SMDP.Example.com:443'), 'smdp.example.com');
  assert.equal(hostOf('[::1]:8443'), '::1');
  assert.equal(hostOf('::1'), '::1');
  assert.equal(toHex(ipBytes('127.0.0.1')), '7F000001');
  assert.equal(toHex(ipBytes('::1')), '00000000000000000000000000000001');
  assert.equal(toHex(ipBytes('2001:db8::ff00:42:8329')), '20010DB8000000000000FF0000428329');
  assert.equal(toHex(ipBytes('::ffff:1.2.3.4')), '00000000000000000000FFFF01020304');
  assert.equal(toHex(ipBytes('1::')), `0001${'0000'.repeat(7)}`);
  assert.ok(coversHost({ dnsNames: ['A.example'], ipAddresses: [] }, 'a.example'));
  assert.ok(!coversHost({ dnsNames: ['127.0.0.1'], ipAddresses: [] }, '127.0.0.1'));
});

const testPki = new URL('../../../../shared/testdata/sgp26/', import.meta.url);
test('the genuine test PKI gives both curves under OID 2.999.10 and the fresh TLS certificate', {
  skip: !existsSync(testPki) && 'no test data',
}, () => {
  const files = readdirSync(testPki, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ path: entry.name, bytes: readFileSync(`${entry.parentPath}/${entry.name}`) }));
  const pki = readPki(files);
  assert.deepEqual(pki.unusable, []);
  const at = new Date('2026-12-01T00:00:00Z');
  const { identities, tls } = selectSmdpIdentities(pki, {
    smdpAddress: 'testsmdpplus1.example.com',
    now: at,
  });
  assert.deepEqual(
    identities.map(({ curve, oid }) => [curve, oid]),
    [
      ['P-256', '2.999.10'],
      ['brainpoolP256r1', '2.999.10'],
    ],
  );
  assert.equal(toHex(identities[0]?.ciKeyId ?? Buffer.alloc(0)), 'F54172BDF98A95D65CBEB88A38A1C11D800A85C3');
  assert.equal(tls?.path, 'CERT_DP_TLS_NIST_fresh.pem');
});
