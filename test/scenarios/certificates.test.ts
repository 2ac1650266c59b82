// Certificates of a server that runs: one TLS certificate for each address, renewed, revoked and refused without a restart.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { present } from '../../src/base/assert.ts';
import { toHex } from '../../src/base/bytes.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import { makeCrl } from '../../src/crypto/make_crl.ts';
import { readSigningKey } from '../../src/crypto/signing_key.ts';
import { DeviceError } from '../../src/device/device_error.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { makeTestPki } from '../../src/rsp/pki/make_test_pki.ts';
import { startPlatform } from '../support/platform.ts';

const folder = await mkdtemp(join(tmpdir(), 'overair-scenario-pki-'));
after(() => rm(folder, { recursive: true, force: true }));
const product = 'esim_1GB_7D_NL_V2';
const nist = makeTestPki({ smdpAddress: 'nist.example.com', now: new Date() });
const brainpool = makeTestPki({
  smdpAddress: 'brainpool.example.com',
  now: new Date(),
  curve: 'brainpoolP256r1',
});
/** Without the keys of the CIs, which would make it a test PKI that completes itself. */
const served = [...nist, ...brainpool].filter(([path]) => !path.startsWith('CertificateIssuer/SK'));
for (const [path, bytes] of served) await put(path, bytes);

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

const { server, order, device, call } = await startPlatform({
  OVERAIR_PKI_DIR: folder,
  OVERAIR_SMDP_ADDRESS: 'nist.example.com,brainpool.example.com',
});
const port = Number(new URL(server.es9Url).port);

async function open(servername: string): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ...(servername && { servername }),
    rejectUnauthorized: false,
    ecdhCurve: 'P-256:brainpoolP256r1',
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function serialShown(servername: string): Promise<string> {
  const socket = await open(servername);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

const serialOf = (der: Uint8Array | undefined) =>
  toHex(readCertificate(present(der, 'a certificate')).serialNumber);

test('each address shows its own TLS certificate on the same port, and whoever asks for none gets the first', async () => {
  const first = serialOf(nist.get('DPtls/CERT_S_SM_DP_TLS_NIST.der'));
  const second = serialOf(brainpool.get('DPtls/CERT_S_SM_DP_TLS_BRP.der'));
  assert.notEqual(first, second);
  assert.equal(await serialShown('nist.example.com'), first);
  assert.equal(await serialShown('brainpool.example.com'), second);
  assert.equal(await serialShown('elsewhere.example.com'), first);
  assert.equal(await serialShown(''), first);
});

for (const [curve, address] of [
  ['P-256', 'nist.example.com'],
  ['brainpoolP256r1', 'brainpool.example.com'],
] as const)
  test(`an eUICC that knows the ${curve} CI alone downloads at ${address}, and orders name the first address`, async () => {
    const [esim] = await order({ product });
    assert.match(esim.activationCode, /^LPA:1\$nist\.example\.com\$/);
    const { lpa } = device({ curves: [curve] });
    await downloadProfile(lpa, esim.activationCode.replace('nist.example.com', address));
    assert.equal((await call('GET', `/esims/${esim.iccid}`)).body.state, 'installed');
  });

test('a new TLS certificate is shown after a reload, and open connections go on', async () => {
  const renewed = makeTestPki({ smdpAddress: 'nist.example.com', now: new Date() });
  const before = await open('nist.example.com');
  for (const name of ['DPtls/CERT_S_SM_DP_TLS_NIST.der', 'DPtls/SK_S_SM_DP_TLS_NIST.pem'])
    await put(name, present(renewed.get(name), name));
  assert.equal(await server.reloadCertificates(), true);
  assert.equal(
    await serialShown('nist.example.com'),
    serialOf(renewed.get('DPtls/CERT_S_SM_DP_TLS_NIST.der')),
  );
  assert.equal(
    await serialShown('brainpool.example.com'),
    serialOf(brainpool.get('DPtls/CERT_S_SM_DP_TLS_BRP.der')),
  );
  before.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [answer] = await once(before, 'data');
  assert.match(String(answer), /^HTTP\/1.1 404/);
  before.destroy();
  for (const name of ['DPtls/CERT_S_SM_DP_TLS_NIST.der', 'DPtls/SK_S_SM_DP_TLS_NIST.pem'])
    await put(name, present(nist.get(name), name));
  assert.equal(await server.reloadCertificates(), true);
});

test('certificates that leave no identity change nothing, and downloads go on', async () => {
  await rm(join(folder, 'DPauth'), { recursive: true });
  assert.equal(await server.reloadCertificates(), false);
  const [esim] = await order({ product });
  const { lpa } = device({ curves: ['P-256'] });
  await downloadProfile(lpa, esim.activationCode);
  for (const [path, bytes] of served) if (path.startsWith('DPauth')) await put(path, bytes);
  assert.equal(await server.reloadCertificates(), true);
});

test('an EUM on a list that is put into the folder is refused, until the list is replaced by a newer one', async () => {
  const ci = readCertificate(present(nist.get('CertificateIssuer/CERT_CI_ECDSA_NIST.der'), 'CI'));
  const eum = readCertificate(present(nist.get('EUM/CERT_EUM_ECDSA_NIST.der'), 'EUM'));
  const key = readSigningKey(present(nist.get('CertificateIssuer/SK_CI_ECDSA_NIST.pem'), 'key'));
  const list = (revoked: Uint8Array[], day: number) =>
    makeCrl({ issuer: { name: ci.subject, key }, thisUpdate: new Date(Date.UTC(2026, 9, day)), revoked });
  const [esim] = await order({ product });
  const { lpa } = device({ curves: ['P-256'] });
  await put('lists/ci.crl', list([eum.serialNumber], 1));
  assert.equal(await server.reloadCertificates(), true);
  await assert.rejects(downloadProfile(lpa, esim.activationCode), (error) => {
    assert.ok(error instanceof DeviceError);
    assert.match(JSON.stringify(error), /8\.1\.2.*6\.1/);
    return true;
  });
  await put('lists/newer.crl', list([], 2));
  assert.equal(await server.reloadCertificates(), true);
  await downloadProfile(lpa, esim.activationCode);
});

test('the events tell of the reloads, and the metrics of what expires when', async () => {
  const { body } = await call('GET', '/events?limit=100');
  const reloaded = body.data.filter(({ type }: { type: string }) => type === 'certificate.reloaded');
  assert.ok(reloaded.length > 0, 'certificate.reloaded');
  const metrics = await (await fetch(`${server.apiUrl}/metrics`)).text();
  assert.match(
    metrics,
    /overair_certificate_expiry_seconds\{role="DPauth",subject="[^"]*2\.999\.10",path="[^"]*"\} \d{6,}/,
  );
});

test('SIGHUP makes a process read its certificates again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-scenario-hup-'));
  after(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(fileURLToPath(new URL('../../bin/overair', import.meta.url)), ['serve'], {
    env: {
      PATH: process.env['PATH'],
      OVERAIR_DATA_DIR: dataDir,
      OVERAIR_HTTP_PORT: '0',
      OVERAIR_ES9_PORT: '0',
      OVERAIR_SMDS_PORT: '0',
      OVERAIR_ES2_PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seen: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const line = (wanted: RegExp) =>
    new Promise<void>((resolve, reject) => {
      lines.on('line', (text) => {
        seen.push(text);
        if (wanted.test(text)) resolve();
      });
      child.once('exit', () => reject(new Error(seen.join('\n'))));
    });
  await line(/overair is ready/);
  const read = line(/the certificates were read again/);
  child.kill('SIGHUP');
  await read;
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
