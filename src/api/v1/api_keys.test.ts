import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const create = (body: object, secret = shop.secret) => shop.call('POST', '/v1/api-keys', { body, secret });

test('a key is shown once, works, and is listed without its secret', async () => {
  const { json, status } = await create({ name: 'till', scopes: ['read', 'read'] });
  assert.equal(status, 201);
  assert.deepEqual(json.scopes, ['read']);
  assert.equal((await shop.call('GET', '/v1/account', { secret: json.secret })).status, 200);
  const { json: list } = await shop.call('GET', '/v1/api-keys');
  const { secret, ...shown } = json;
  assert.deepEqual(
    list.data.find((each: { id: string }) => each.id === json.id),
    shown,
  );
  assert.ok(!JSON.stringify(list).includes(secret));
});

test('a revoked key opens nothing at once, and revoking it again changes nothing', async () => {
  const { json } = await create({ name: 'lost', scopes: ['read'] });
  assert.equal((await shop.call('GET', '/v1/account', { secret: json.secret })).status, 200);
  const revoked = await shop.call('DELETE', `/v1/api-keys/${json.id}`);
  assert.ok(revoked.json.revokedAt);
  assert.equal((await shop.call('GET', '/v1/account', { secret: json.secret })).status, 401);
  assert.deepEqual((await shop.call('DELETE', `/v1/api-keys/${json.id}`)).json, revoked.json);
});

test('a key cannot grant what it lacks', async () => {
  const weak = await shop.newKey(['keys:write', 'read']);
  const { status, json } = await create({ name: 'strong', scopes: ['read', 'operator'] }, weak);
  assert.deepEqual([status, json.code], [403, 'forbidden']);
  assert.match(json.detail, /operator/);
});

test('an expired key opens nothing', async () => {
  const { json } = await create({ name: 'old', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' });
  assert.equal((await shop.call('GET', '/v1/account', { secret: json.secret })).status, 401);
});

test("another account's key is not found", async () => {
  const { json } = await create({ name: 'mine', scopes: ['read'] });
  const secret = await shop.newKey(['keys:write'], await shop.newAccount());
  assert.equal((await shop.call('DELETE', `/v1/api-keys/${json.id}`, { secret })).json.code, 'not_found');
  assert.equal((await shop.call('GET', '/v1/account', { secret: json.secret })).status, 200);
});

for (const [body, field] of [
  [{ scopes: ['read'] }, 'name'],
  [{ name: 'x', scopes: [] }, 'scopes'],
  [{ name: 'x', scopes: ['root'] }, 'scopes[0]'],
  [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, 'expiresAt'],
] as const) {
  test(`${JSON.stringify(body)} is refused by name`, async () => {
    const { json } = await create(body);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}
