// Certificates: read as OpenSSL reads them, made so that OpenSSL and TLS accept them, and refused when bent.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { toHex } from '../base/bytes.ts';
import { certificateKey, isSignedBy, isValidAt, readCertificate } from './certificate.ts';
import { keyUsage } from './certificate_extensions.ts';
import { makeCertificate } from './make_certificate.ts';
import { generateSigningKey } from './signing_key.ts';

const notBefore = new Date('2026-01-01T00:00:00Z');
const notAfter = new Date('2061-01-01T00:00:00Z');
const testPki = new URL('../../../shared/testdata/sgp26/', import.meta.url);
const noTestPki = !existsSync(testPki) && 'no test data';

function makePair(curve: 'P-256' | 'brainpoolP256r1') {
  const rootKey = generateSigningKey(curve);
  const leafKey = generateSigningKey(curve);
  const rootName = { commonName: 'Root', organization: 'Müller & Söhne' };
  const common = { notBefore, notAfter, issuer: { name: rootName, key: rootKey } };
  const root = makeCertificate({
    ...common,
    subject: rootName,
    key: rootKey,
    keyUsage: [keyUsage.keyCertSign, keyUsage.crlSign],
    policies: ['2.23.146.1.2.1.0'],
    ca: {},
    registeredId: '2.999.1',
    crlUrls: ['http://ci.example.com/a.crl'],
  });
  const leaf = makeCertificate({
    ...common,
    subject: { organization: 'O', serialNumber: '89049032000000000000000000000000' },
    key: leafKey,
    keyUsage: [keyUsage.digitalSignature],
    policies: ['2.23.146.1.2.1.1', '2.999.7'],
    dnsNames: ['a.example.com', 'b.example.com'],
    ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
    registeredId: '2.999.10',
    permittedName: { organization: 'O', serialNumber: '8904' },
    permittedEins: ['89049032', '89'],
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
    ca: { pathLength: 0 },
  });
  return { root, leaf };
}

for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
  test(`${curve}: everything that was put into a certificate is read back from it`, () => {
    const { root, leaf } = makePair(curve);
    const ci = readCertificate(root);
    const read = readCertificate(leaf);
    assert.deepEqual(read.subjectName, {
      organization: 'O',
      serialNumber: '89049032000000000000000000000000',
    });
    assert.equal(toHex(read.issuer), toHex(ci.subject));
    assert.equal(ci.subjectName.organization, 'Müller & Söhne');
    assert.deepEqual([read.notBefore, read.notAfter], [notBefore, notAfter]);
    assert.deepEqual(read.policies, ['2.23.146.1.2.1.1', '2.999.7']);
    assert.deepEqual(read.keyUsage, [keyUsage.digitalSignature]);
    assert.deepEqual(read.basicConstraints, { ca: true, pathLength: 0 });
    assert.deepEqual(read.dnsNames, ['a.example.com', 'b.example.com']);
    assert.deepEqual(read.registeredIds, ['2.999.10']);
    assert.deepEqual(read.permittedNames, [{ organization: 'O', serialNumber: '8904' }]);
    assert.deepEqual(read.permittedEins, ['89049032', '89']);
    assert.deepEqual(ci.crlUrls, ['http://ci.example.com/a.crl']);
    assert.equal(toHex(read.authorityKeyId ?? Buffer.alloc(0)), toHex(ci.subjectKeyId ?? Buffer.alloc(1)));
    assert.equal(read.curve, curve);
    assert.ok(isSignedBy(read, certificateKey(ci)) && isSignedBy(ci, certificateKey(ci)));
    assert.ok(!isSignedBy(ci, certificateKey(read)));
    assert.ok(isValidAt(read, notAfter) && !isValidAt(read, new Date(notAfter.getTime() + 1)));
    assert.ok(new X509Certificate(leaf).verify(new X509Certificate(root).publicKey), 'OpenSSL agrees');
  });
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
test('the openssl command verifies a made chain', { skip: !hasOpenssl && 'no openssl' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  try {
    const rootKey = generateSigningKey('P-256');
    const name = { commonName: 'Root' };
    const common = {
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter,
      issuer: { name, key: rootKey },
      policies: ['2.999.1'],
    };
    const root = makeCertificate({
      ...common,
      subject: name,
      key: rootKey,
      keyUsage: [keyUsage.keyCertSign],
      ca: {},
    });
    const leaf = makeCertificate({
      ...common,
      subject: { commonName: 'leaf' },
      key: generateSigningKey('P-256'),
      keyUsage: [keyUsage.digitalSignature],
    });
    for (const [file, der] of [
      ['root', root],
      ['leaf', leaf],
    ] as const)
      writeFileSync(join(folder, file), new X509Certificate(der).toString());
    const output = execFileSync('openssl', [
      'verify',
      '-x509_strict',
      '-CAfile',
      join(folder, 'root'),
      join(folder, 'leaf'),
    ]);
    assert.match(output.toString(), /leaf: OK/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every truncation and every changed byte gives a certificate that does not verify, or a clean error', () => {
  const { root, leaf } = makePair('P-256');
  const ciKey = certificateKey(readCertificate(root));
  for (let length = 0; length < leaf.length; length++)
    assert.throws(
      () => readCertificate(leaf.subarray(0, length)),
      (error) => error instanceof AppError && error.code === 'malformed_der',
    );
  for (let at = 0; at < leaf.length; at++) {
    const bent = Buffer.from(leaf);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    try {
      const read = readCertificate(bent);
      certificateKey(read);
      assert.ok(!isSignedBy(read, ciKey), `byte ${at}`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
});

test('a certificate whose outer signature algorithm is not the signed one is refused', () => {
  const raw = Buffer.from(makePair('P-256').leaf);
  const oid = Buffer.from('06082a8648ce3d040302', 'hex');
  const outer = raw.lastIndexOf(oid);
  assert.ok(outer > raw.indexOf(oid));
  // NULL parameters behind the OID, and every length around it two bytes longer.
  const longer = Buffer.concat([
    raw.subarray(0, outer + oid.length),
    Buffer.from('0500', 'hex'),
    raw.subarray(outer + oid.length),
  ]);
  longer.writeUInt8(oid.length + 2, outer - 1);
  longer.writeUInt16BE(longer.length - 4, 2);
  assert.throws(() => readCertificate(longer), { code: 'invalid_certificate' });
});

test('the genuine test certificates read as OpenSSL reads them', { skip: noTestPki }, () => {
  const files = readdirSync(testPki, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.der'),
  );
  assert.ok(files.length > 10);
  for (const file of files) {
    const der = readFileSync(new URL(file, testPki));
    const ours = readCertificate(der);
    const theirs = new X509Certificate(der);
    assert.equal(BigInt(`0x${toHex(ours.serialNumber)}`), BigInt(`0x${theirs.serialNumber}`), file);
    assert.equal(ours.notBefore.getTime(), Date.parse(theirs.validFrom), file);
    assert.equal(ours.notAfter.getTime(), Date.parse(theirs.validTo), file);
    assert.equal(theirs.ca, ours.basicConstraints?.ca ?? false, file);
    assert.ok(certificateKey(ours).equals(theirs.publicKey), file);
    for (const dns of ours.dnsNames) assert.ok(theirs.subjectAltName?.includes(`DNS:${dns}`), file);
  }
});

test('the eUICC of the genuine chain is valid until the year 7496', { skip: noTestPki }, () => {
  const euicc = readCertificate(readFileSync(new URL('eUICC/CERT_EUICC_ECDSA_NIST.der', testPki)));
  assert.equal(euicc.notAfter.toISOString(), '7496-01-24T09:48:58.000Z');
  assert.equal(euicc.subjectName.serialNumber, '89049032123451234512345678901235');
});
