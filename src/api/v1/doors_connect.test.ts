import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSubaccount, openSigningSecret } from '../../modules/accounts/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const path = '/v1/doors/connect';
const put = (body: object, options = {}) => shop.call('PUT', path, { body, ...options });
const defaults = { signCallbacks: true, hasSigningSecret: false };

test('notifications are signed once there is a secret, unless the account or its parent wants it otherwise', async () => {
  assert.deepEqual((await shop.call('GET', path)).json, defaults);
  const set = await put({ signCallbacks: false });
  assert.deepEqual([set.status, set.json], [200, { ...defaults, signCallbacks: false }]);
  const sub = await write(shop.ctx, {}, (tx) =>
    createSubaccount(tx, { parentId: shop.account.id, name: 'Sub' }),
  );
  const headers = { 'overair-account': sub.id };
  assert.deepEqual((await shop.call('GET', path, { headers })).json, set.json);
  assert.equal((await put({ signCallbacks: true }, { headers })).json.signCallbacks, true);
  assert.deepEqual((await put({})).json, defaults);
});

test('its secret is its own, and not that of another door', async () => {
  const { status, json } = await shop.call('POST', `${path}/signing-secret`, { body: {} });
  assert.equal(status, 201);
  const accountId = shop.account.id;
  assert.equal(await openSigningSecret(shop.ctx, { accountId, door: 'connect' }), json.signingSecret);
  assert.equal(await openSigningSecret(shop.ctx, { accountId, door: 'esimgo' }), null);
  assert.equal((await shop.call('GET', path)).json.hasSigningSecret, true);
});

for (const [what, body, field] of [
  ['text for a flag', { signCallbacks: 'false' }, 'signCallbacks'],
  ['null', { signCallbacks: null }, 'signCallbacks'],
  ['an unknown member', { product: 'x' }, 'product'],
] as const)
  test(`${what} is refused, by name`, async () => {
    const { status, json } = await put(body);
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
  });

test('a key without the scope neither reads nor sets', async () => {
  const reader = await shop.newKey(['read']);
  const writer = await shop.newKey(['webhooks:write']);
  assert.equal((await shop.call('GET', path, { secret: writer })).status, 403);
  assert.equal((await put({}, { secret: reader })).status, 403);
  assert.equal((await shop.call('POST', `${path}/signing-secret`, { secret: reader, body: {} })).status, 403);
});
