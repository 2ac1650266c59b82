// Certificates of a running server: read again when a file changes or another node has fetched a list, and never half.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../base/app_error.ts';
import { present } from '../base/assert.ts';
import { silentLog } from '../base/log.ts';
import { createVault } from '../base/vault.ts';
import { readCertificate } from '../crypto/certificate.ts';
import { makeCrl } from '../crypto/make_crl.ts';
import { readSigningKey } from '../crypto/signing_key.ts';
import { testDatabase } from '../pg/test_database.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import { Certificates } from './certificates.ts';
import { readConfig } from './config.ts';
import type { Installation } from './open_installation.ts';

const database = await testDatabase();
const dir = await mkdtemp(join(tmpdir(), 'overair-certificates-'));
after(() => rm(dir, { recursive: true, force: true }));
const logged: { level: string; message: string }[] = [];
const logTo =
  (level: string) =>
  (_values: object, message = '') =>
    void logged.push({ level, message });
const installation: Installation = {
  database,
  vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]),
  log: { ...silentLog, info: logTo('info'), warn: logTo('warn'), error: logTo('error') },
  close: async () => {},
};
const files = makeTestPki({ smdpAddress: 'smdp.example.com', now: new Date() });
const bytesOf = (name: string) => present(files.get(name), name);
const ci = readCertificate(bytesOf('CertificateIssuer/CERT_CI_ECDSA_NIST.der'));
const eum = readCertificate(bytesOf('EUM/CERT_EUM_ECDSA_NIST.der'));
const ciKey = readSigningKey(bytesOf('CertificateIssuer/SK_CI_ECDSA_NIST.pem'));
const crlRevoking = (serialNumber: Uint8Array, thisUpdate = new Date('2026-11-01T00:00:00Z')) =>
  makeCrl({ issuer: { name: ci.subject, key: ciKey }, thisUpdate, revoked: [serialNumber] });

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(dir, 'test-'));
  for (const [path, bytes] of files) await put(path, bytes);
});
async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(place, 'pki', path)), { recursive: true });
  await writeFile(join(place, 'pki', path), bytes);
}
const remove = (path: string) => rm(join(place, 'pki', path), { recursive: true });

async function open(settings: Record<string, string> = {}): Promise<Certificates> {
  const config = readConfig({
    OVERAIR_DATA_DIR: place,
    OVERAIR_PKI_DIR: join(place, 'pki'),
    ...settings,
  });
  const certificates = await Certificates.open(config, installation, { smdpAddresses: ['smdp.example.com'] });
  after(() => certificates.close());
  return certificates;
}

test('a file that is added is read once, and nothing is read while nothing changes', async () => {
  const certificates = await open();
  let reloads = 0;
  certificates.onReload(() => () => void reloads++);
  assert.equal(await certificates.reloadIfChanged(), false);
  assert.equal(certificates.trust.crls.isRevoked(eum, ci), false);
  await put('ci.crl', crlRevoking(eum.serialNumber));
  assert.equal(await certificates.reloadIfChanged(), true);
  assert.equal(await certificates.reloadIfChanged(), false);
  assert.equal(reloads, 1);
  assert.equal(certificates.trust.crls.isRevoked(eum, ci), true);
});

test('the folder is watched, and the trust that others hold changes in place', async () => {
  const certificates = await open();
  const { trust } = certificates;
  certificates.watch(20);
  await remove('CertificateIssuer');
  for (let tries = 0; trust.cis.length > 0 && tries < 500; tries++) await sleep(20);
  assert.deepEqual(trust.cis, []);
});

test('when one user of the certificates refuses them, none takes them, and it is logged once', async () => {
  const certificates = await open();
  const { loaded } = certificates;
  const taken: string[] = [];
  certificates.onReload(() => () => void taken.push('first'));
  certificates.onReload(({ pki }) => {
    if (pki.eum.length === 0) throw new AppError('invalid_certificate', 'no EUM');
    return () => void taken.push('second');
  });
  await remove('EUM');
  logged.length = 0;
  assert.equal(await certificates.reload(), false);
  assert.equal(certificates.loaded, loaded);
  assert.deepEqual(taken, []);
  assert.equal(logged.filter(({ level }) => level === 'error').length, 1);
  assert.equal(await certificates.reloadIfChanged(), false, 'not tried again while nothing changes');
  await put('EUM/a.der', eum.raw);
  assert.equal(await certificates.reloadIfChanged(), true);
  assert.deepEqual(taken, ['first', 'second']);
});

test('a list that another node has fetched is used, and one out of date is used and warned of', async () => {
  const list = makeCrl({
    issuer: { name: ci.subject, key: ciKey },
    thisUpdate: new Date('2026-10-01T00:00:00Z'),
    nextUpdate: new Date('2026-11-01T00:00:00Z'),
    revoked: [eum.serialNumber],
  });
  const server = createServer((_request, response) => void response.end(list));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ci.crl`;
  const [one, other] = [await open({ OVERAIR_CRL_URLS: url }), await open({ OVERAIR_CRL_URLS: url })];
  logged.length = 0;
  await one.fetchCrls();
  assert.equal(one.trust.crls.isRevoked(eum, ci), true, 'at once where it was fetched');
  assert.equal(other.trust.crls.isRevoked(eum, ci), false);
  assert.equal(await other.reloadIfChanged(), true);
  assert.equal(other.trust.crls.isRevoked(eum, ci), true);
  assert.ok(logged.some(({ message }) => /out of date/.test(message)));
  const started = await open({ OVERAIR_CRL_URLS: url });
  assert.equal(started.trust.crls.isRevoked(eum, ci), true, 'after a restart, too');
});

test('distribution points in certificates are fetched only when that is asked for', async () => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls++;
    response.end(crlRevoking(Buffer.from('01', 'hex')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ci.crl`;
  await remove('.');
  for (const [path, bytes] of makeTestPki({
    smdpAddress: 'smdp.example.com',
    now: new Date(),
    crlUrls: [url],
  }))
    await put(path, bytes);
  await (await open()).fetchCrls();
  assert.equal(calls, 0);
  await (await open({ OVERAIR_CRL_FETCH: 'true' })).fetchCrls();
  assert.equal(calls, 1);
});

test('a folder that cannot be read is refused at the start, and while running changes nothing', async () => {
  const certificates = await open();
  const { loaded } = certificates;
  await rm(join(place, 'pki'), { recursive: true });
  assert.equal(await certificates.reload(), false);
  assert.equal(certificates.loaded, loaded);
  await assert.rejects(open(), { code: 'invalid_certificate' });
});
