import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { makeTestPki } from '../../rsp/pki/make_test_pki.ts';
import { createApiApp } from '../create_api_app.ts';
import { type EsimGo, openEsimGo } from './test_esimgo.ts';

const esimGoHosts = ['esimgo.example'];
const door = await openEsimGo(await testDatabase(), { stock: 0, settings: { esimGoHosts } });
const { settings } = door.core;
const proxied = createApiApp({
  core: { ...door.core, settings: { ...settings, trustProxy: true } },
  ready: async () => ({}),
});
after(() => proxied.close());

/** Nothing is there, but each door says so in its own form. */
async function isEsimGo(
  { app }: Pick<EsimGo, 'app'>,
  url: string,
  headers: Record<string, string> = {},
): Promise<boolean> {
  const { payload, statusCode } = await app.inject({ url, headers });
  assert.equal(statusCode, 404);
  const body = JSON.parse(payload);
  return body.message === `There is no GET ${url}. Paths are like /v2.4/catalogue.` && !('type' in body);
}

for (const path of [
  ...[0, 1, 2, 3, 4, 5].map((minor) => `/v2.${minor}/nothing`),
  ...[0, 4, 5].map((minor) => `/esimgo/v2.${minor}/nothing`),
  '/esimgo/nothing',
  '/esimgo/v2.6/nothing',
  '/v2.4',
  '/esimgo',
]) {
  test(`${path} is the door on every host`, async () => {
    for (const host of ['api.example', 'esimgo.example', '127.0.0.1:8080'])
      assert.equal(await isEsimGo(door, path, { host }), true);
  });
}

for (const path of [
  '/v2.6/nothing',
  '/v3.4/nothing',
  '/v2/nothing',
  '/v2.4x/nothing',
  '/a/v2.4/nothing',
  '/nothing',
]) {
  test(`${path} is the door on its own hosts only`, async () => {
    assert.equal(await isEsimGo(door, path, { host: 'api.example' }), false);
    assert.equal(await isEsimGo(door, path, { host: 'esimgo.example' }), true);
    assert.equal(await isEsimGo(door, path, { host: 'esimgo.example.evil.example' }), false);
  });
}

test('a forwarded host counts behind a trusted proxy only', async () => {
  const forwarded = { host: 'inner', 'x-forwarded-host': 'esimgo.example' };
  assert.equal(await isEsimGo({ app: proxied }, '/nothing', forwarded), true);
  assert.equal(await isEsimGo(door, '/nothing', forwarded), false);
});

test('probes and install pages are on a host of the door too, tokens of others where they were', async () => {
  const host = 'esimgo.example';
  const probe = await door.app.inject({ url: '/healthz', headers: { host } });
  assert.deepEqual(probe.json(), { status: 'ok' });
  const page = await door.app.inject({ url: '/i/nothing', headers: { host } });
  assert.match(String(page.headers['content-type']), /^text\/html/);
  const token = await door.app.inject({ method: 'POST', url: '/v2/token', headers: { host: 'api.example' } });
  assert.notEqual(token.statusCode, 404);
});

test('a client of HTTP/1.1 over TLS makes its requests one after the other on one connection', async () => {
  const { app, ca } = await listenWithTls();
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca, servername: 'localhost' });
  after(() => agent.destroy());
  const { port } = app.server.address() as AddressInfo;
  const ports = [];
  for (const path of ['/v2.4/nothing', '/esimgo/v2.5/nothing', '/esimgo/nothing']) {
    const { status, localPort } = await ask(`https://127.0.0.1:${port}${path}`, agent);
    assert.equal(status, 404);
    ports.push(localPort);
  }
  assert.equal(new Set(ports).size, 1);
});

async function listenWithTls() {
  const pki = makeTestPki({ smdpAddress: 'localhost', now: new Date() });
  const file = (name: string) => Buffer.from(pki.get(name) ?? assert.fail(`the test PKI has no ${name}`));
  const tls = {
    cert: toPem(file('DPtls/CERT_S_SM_DP_TLS_NIST.der')),
    key: file('DPtls/SK_S_SM_DP_TLS_NIST.pem'),
  };
  const app = createApiApp({ core: door.core, ready: async () => ({}), tls });
  after(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, ca: toPem(file('CertificateIssuer/CERT_CI_ECDSA_NIST.der')) };
}

function toPem(der: Buffer): Buffer {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
}

function ask(
  url: string,
  agent: Agent,
): Promise<{ status: number | undefined; localPort: number | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const { localPort } = response.socket;
      response.resume().on('end', () => resolve({ status: response.statusCode, localPort }));
    }).on('error', reject);
  });
}
