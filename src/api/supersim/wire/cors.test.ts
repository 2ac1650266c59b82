import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const page = 'https://app.example';
const open = await openSuperSim(await testDatabase(), { stock: 0 });
const listed = await openSuperSim(await testDatabase(), {
  stock: 0,
  settings: { corsOrigins: [page, 'http://localhost:5173'] },
});
const names = [
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
];

for (const [name, ask, status] of [
  ['a list', () => open.call('GET', '/ESimProfiles'), 200],
  ['401', () => open.call('GET', '/ESimProfiles', { auth: null }), 401],
  ['404', () => open.call('GET', '/Nothing'), 404],
  ['405', () => open.call('PUT', '/ESimProfiles'), 405],
  ['a preflight', () => open.call('OPTIONS', '/ESimProfiles', { auth: null }), 204],
] as const) {
  test(`pages of any origin may read ${name}, without credentials of the browser`, async () => {
    const { status: answered, headers } = await ask();
    assert.equal(answered, status);
    for (const each of names) assert.ok(headers[each], each);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['access-control-allow-credentials'], undefined);
    assert.ok(headers['x-request-id']);
  });
}

test('a preflight says what may come, and for how long that holds', async () => {
  const { headers } = await open.call('OPTIONS', '/ESimProfiles', {
    auth: null,
    headers: {
      origin: page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
  assert.match(headers['access-control-allow-methods'] ?? '', /POST/);
  assert.match(headers['access-control-allow-headers'] ?? '', /Authorization.*Content-Type.*Idempotency-Key/);
  assert.ok(Number(headers['access-control-max-age']) > 0);
});

for (const [origin, allowed] of [
  [page, page],
  ['http://localhost:5173', 'http://localhost:5173'],
  ['https://evil.example', undefined],
  ['https://app.example.evil.example', undefined],
  ['null', undefined],
] as const) {
  test(`where origins are listed, ${origin} is ${allowed ? 'one of them' : 'told nothing'}`, async () => {
    for (const path of ['/ESimProfiles', '/Nothing']) {
      const { headers } = await listed.call('GET', path, { headers: { origin } });
      assert.equal(headers['access-control-allow-origin'], allowed);
      assert.equal(headers['access-control-allow-credentials'], allowed && 'true');
      assert.equal(headers['vary'], 'Origin');
    }
  });
}

test('our own API is not opened to the pages of others', async () => {
  const { headers } = await open.app.inject({ url: '/v1/orders', headers: { origin: page } });
  assert.equal(headers['access-control-allow-origin'], undefined);
});
