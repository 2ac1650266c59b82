// A test PKI is completed for the addresses that are wanted, and a PKI without a CI's key never.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { present } from '../../base/assert.ts';
import { completeTestPki, type WantedServers } from './complete_test_pki.ts';
import { makeTestPki } from './make_test_pki.ts';
import { type PkiFile, readPki } from './read_pki.ts';
import { selectSmdpIdentities } from './select_smdp_identities.ts';
import { selectSmdsIdentities } from './select_smds_identities.ts';

const now = new Date('2026-11-21T12:00:00Z');
const curves = ['P-256', 'brainpoolP256r1'] as const;
const filesOf = (made: Map<string, Uint8Array>): PkiFile[] =>
  [...made].map(([path, bytes]) => ({ path, bytes }));
const both = curves.flatMap((curve) => filesOf(makeTestPki({ smdpAddress: 'smdp.example.com', now, curve })));

function complete(files: PkiFile[], wanted: Omit<WantedServers, 'now'>) {
  const made = filesOf(completeTestPki(readPki(files), { ...wanted, now }));
  return { made, pki: readPki([...files, ...made]) };
}

test('what is there is not made again', () => {
  assert.equal(complete(both, { smdpAddresses: ['smdp.example.com:8443'] }).made.length, 0);
});

test('another address gets a TLS certificate under each CI, with the OID that the signing pair has', () => {
  const wanted = { smdpAddresses: ['smdp.example.com', 'localhost:8443'] };
  const { made, pki } = complete(both, wanted);
  assert.equal(made.length, 2);
  const { tls, identities } = selectSmdpIdentities(pki, { smdpAddress: 'localhost:8443', now });
  assert.deepEqual(tls?.certificate.registeredIds, ['2.999.10']);
  assert.equal(tls?.certificate.curve, 'P-256');
  assert.deepEqual(
    identities.map(({ curve }) => curve),
    curves,
  );
  assert.equal(complete([...both, ...made], wanted).made.length, 0, 'once is enough');
});

test('an SM-DS gets its two certificates under each CI, and signs by them', () => {
  const { made, pki } = complete(both, {
    smdpAddresses: ['smdp.example.com'],
    smdsAddress: 'ds.example.com',
  });
  assert.equal(made.length, 4);
  const { identities, tls } = selectSmdsIdentities(pki, { smdsAddress: 'ds.example.com:443', now });
  assert.deepEqual(tls?.certificate.dnsNames, ['ds.example.com']);
  assert.deepEqual(
    identities.map(({ oid, auth }) => [oid, auth.certificate.curve]),
    curves.map((curve) => ['2.999.15', curve]),
  );
});

test('without any signing pair one is made', () => {
  const bare = both.filter(({ path }) => !path.startsWith('DP'));
  const { made, pki } = complete(bare, { smdpAddresses: ['a.example.com', 'b.example.com'] });
  assert.equal(made.length, 2 * 4);
  assert.equal(selectSmdpIdentities(pki, { smdpAddress: 'b.example.com', now }).identities.length, 2);
});

test('without the key of a CI nothing is made, and nothing outlasts its CI', () => {
  const noKey = both.filter(({ path }) => !path.startsWith('CertificateIssuer/SK'));
  assert.equal(complete(noKey, { smdpAddresses: ['localhost'] }).made.length, 0);
  const short = filesOf(makeTestPki({ smdpAddress: 'smdp.example.com', now, validityYears: 1 }));
  const { pki } = complete(short, { smdpAddresses: ['localhost'] });
  const { tls } = selectSmdpIdentities(pki, { smdpAddress: 'localhost', now });
  assert.deepEqual(tls?.certificate.notAfter, pki.ci[0]?.certificate.notAfter);
});

for (const curve of curves)
  test(`${curve}: a test PKI made with an SM-DS has DSauth and DStls with its OID`, () => {
    const smdsAddress = 'localhost:8445';
    const pki = readPki(filesOf(makeTestPki({ smdpAddress: 'localhost', smdsAddress, now, curve })));
    const { identities, tls } = selectSmdsIdentities(pki, { smdsAddress, now });
    assert.equal(present(identities[0], 'an identity').oid, '2.999.15');
    assert.deepEqual(tls?.certificate.registeredIds, ['2.999.15']);
    assert.ok(tls?.certificate.dnsNames.includes('localhost'));
    assert.equal(tls?.certificate.extendedKeyUsages.length, 2);
    assert.equal(selectSmdsIdentities(pki, { smdsAddress: 'other.example', now }).tls, undefined);
  });

const sgp26 = new URL('../../../../shared/testdata/sgp26/', import.meta.url);
test('the genuine test PKI is completed for localhost and an SM-DS, its second server keeps its own OID', {
  skip: !existsSync(sgp26) && 'no test data',
}, () => {
  const files = readdirSync(sgp26, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ path: entry.name, bytes: readFileSync(`${entry.parentPath}/${entry.name}`) }));
  const wanted = {
    smdpAddresses: ['localhost:8443', 'testsmdpplus1.example.com', 'testsmdpplus2.example.com'],
    smdsAddress: 'localhost:8445',
  };
  const { pki } = complete(files, wanted);
  const at = (smdpAddress: string) => selectSmdpIdentities(pki, { smdpAddress, now });
  assert.deepEqual(
    wanted.smdpAddresses.map((address) => at(address).tls?.certificate.registeredIds[0]),
    ['2.999.10', '2.999.10', '2.999.12'],
  );
  assert.deepEqual(
    at('testsmdpplus2.example.com').identities.map(({ oid, curve }) => [oid, curve]),
    curves.map((curve) => ['2.999.12', curve]),
  );
  assert.equal(selectSmdsIdentities(pki, { smdsAddress: 'localhost', now }).identities.length, 2);
});
