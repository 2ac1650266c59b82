import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openSuperSim, type SuperSim, writeFields } from './test_supersim.ts';

const superSimHosts = ['supersim.example', 'supersim.kore.example'];
const door = await openSuperSim(await testDatabase(), { stock: 0, settings: { superSimHosts } });
const proxied = await openSuperSim(await testDatabase(), {
  stock: 0,
  settings: { superSimHosts, trustProxy: true },
});

async function get({ app, account }: SuperSim, url: string, headers: Record<string, string>) {
  const response = await app.inject({ url, headers: { authorization: account.auth, ...headers } });
  return { status: response.statusCode, body: response.json() };
}

const isSuperSim = (body: object) => 'meta' in body;
const query = 'PageSize=50&Page=0';

for (const [host, path, url] of [
  ['supersim.example', '/v1/ESimProfiles', 'http://supersim.example/v1/ESimProfiles'],
  ['supersim.example:8080', '/v1/ESimProfiles', 'http://supersim.example:8080/v1/ESimProfiles'],
  ['SuperSIM.Example', '/v1/ESimProfiles', 'http://SuperSIM.Example/v1/ESimProfiles'],
  ['supersim.example', '/supersim/v1/ESimProfiles', 'http://supersim.example/supersim/v1/ESimProfiles'],
  ['api.example', '/supersim/v1/ESimProfiles', 'http://api.example/supersim/v1/ESimProfiles'],
] as const) {
  test(`${path} of ${host} is the door, and its links lead back there`, async () => {
    const { status, body } = await get(door, path, { host });
    assert.deepEqual([status, body.meta?.url], [200, `${url}?${query}`]);
  });
}

test('every other host keeps /v1 for our own API', async () => {
  for (const host of ['api.example', 'supersim.example.evil.example', 'xsupersim.example']) {
    const { body } = await get(door, '/v1/orders', { host });
    assert.equal(isSuperSim(body), false);
    assert.match(body.type, /^\/docs\/errors\/unauthenticated$/);
  }
});

test('on a host of the door everything else is told in its form, but for the probes', async () => {
  const host = 'supersim.example';
  const { status, body } = await get(door, '/docs/', { host });
  assert.deepEqual([status, body.code], [404, 20404]);
  assert.equal(body.message, 'The requested resource /docs/ was not found');
  assert.deepEqual((await get(door, '/healthz', { host })).body, { status: 'ok' });
});

test('a forwarded host counts behind a trusted proxy only', async () => {
  const forwarded = { host: 'inner', 'x-forwarded-host': 'supersim.example', 'x-forwarded-proto': 'https' };
  const trusted = await get(proxied, '/v1/ESimProfiles', forwarded);
  assert.equal(trusted.body.meta.url, `https://supersim.example/v1/ESimProfiles?${query}`);
  const doubted = await get(door, '/v1/orders', forwarded);
  assert.equal(isSuperSim(doubted.body), false);
  const chained = await get(proxied, '/v1/ESimProfiles', {
    ...forwarded,
    'x-forwarded-host': 'spoofed.example, supersim.example:8443',
  });
  assert.equal(chained.body.meta.url, `https://supersim.example:8443/v1/ESimProfiles?${query}`);
});

test('behind a proxy, links under the prefix carry the forwarded host and scheme', async () => {
  const { body } = await get(proxied, '/supersim/v1/ESimProfiles', {
    host: 'inner:8080',
    'x-forwarded-host': 'public.example',
    'x-forwarded-proto': 'https',
  });
  assert.equal(body.meta.url, `https://public.example/supersim/v1/ESimProfiles?${query}`);
});

test('a Host that could break out of a link is refused', async () => {
  const { status, body } = await get(door, '/supersim/v1/ESimProfiles', { host: 'a"b' });
  assert.deepEqual([status, body.code], [400, 20001]);
});

test('tokens are given on a host of the door too', async () => {
  const { account, app } = door;
  for (const url of ['/v2/token', '/api-services/v1/auth/token']) {
    const { statusCode } = await app.inject({
      method: 'POST',
      url,
      headers: { host: 'supersim.example', 'content-type': 'application/x-www-form-urlencoded' },
      payload: writeFields({
        grant_type: 'client_credentials',
        client_id: account.sid,
        client_secret: account.secret,
      }),
    });
    assert.equal(statusCode, 200);
  }
});

test('an API key as Bearer is a caller of KORE on a host with kore in its name', async () => {
  const headers = { authorization: `Bearer ${door.account.secret}` };
  const there = await get(door, '/v1/Nothing', { ...headers, host: 'supersim.kore.example' });
  assert.equal(there.body.more_info, 'https://docs.korewireless.com/errors/20404');
  const here = await get(door, '/v1/Nothing', { ...headers, host: 'supersim.example' });
  assert.equal(here.body.more_info, 'https://www.twilio.com/docs/errors/20404');
});

test('links lead back also when the whole URL is asked for, as through a proxy', async () => {
  const base = await door.listen();
  const { host, port } = new URL(base);
  const path = `${base}/v1/ESimProfiles`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { authorization: door.account.auth, host };
  request({ host: '127.0.0.1', port, path, headers }, (response) => {
    response.setEncoding('utf8').once('data', resolve);
  })
    .once('error', reject)
    .end();
  assert.equal(JSON.parse(await promise).meta.url, `${path}?${query}`);
});
