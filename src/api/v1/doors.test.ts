import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSubaccount, openSigningSecret } from '../../modules/accounts/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const path = '/v1/doors/supersim';
const put = (body: object) => shop.call('PUT', path, { body });
const sign = (body: object) => shop.call('POST', `${path}/signing-secret`, { body });
const defaults = { product: 'esim_profile', callbackEvents: null, hasSigningSecret: false };

test('a door shows what holds, and what is left out of a change is as if nobody had set it', async () => {
  assert.deepEqual((await shop.call('GET', path)).json, defaults);
  const set = await put({ product: 'fleet_esim', callbackEvents: 'all' });
  assert.deepEqual(
    [set.status, set.json],
    [200, { ...defaults, product: 'fleet_esim', callbackEvents: 'all' }],
  );
  assert.deepEqual((await shop.call('GET', path)).json, set.json);
  assert.deepEqual((await put({ callbackEvents: null })).json, defaults);
});

test('a subaccount has the settings of its parent until it has its own', async () => {
  const sub = await write(shop.ctx, {}, (tx) =>
    createSubaccount(tx, { parentId: shop.account.id, name: 'Sub' }),
  );
  const headers = { 'overair-account': sub.id };
  await put({ product: 'fleet_esim' });
  assert.equal((await shop.call('GET', path, { headers })).json.product, 'fleet_esim');
  await shop.call('PUT', path, { headers, body: { product: 'own_esim' } });
  assert.equal((await shop.call('GET', path, { headers })).json.product, 'own_esim');
  assert.equal((await shop.call('GET', path)).json.product, 'fleet_esim');
});

test('a signing secret is made or taken, shown once, and replaces the one before', async () => {
  const open = () => openSigningSecret(shop.ctx, { accountId: shop.account.id, door: 'supersim' });
  const made = await sign({});
  assert.equal(made.status, 201);
  assert.equal(await open(), made.json.signingSecret);
  const shown = (await shop.call('GET', path)).json;
  assert.equal(shown.hasSigningSecret, true);
  assert.ok(!JSON.stringify(shown).includes(made.json.signingSecret));
  const known = 'auth-token-of-before';
  assert.deepEqual((await sign({ signingSecret: known })).json, { signingSecret: known });
  assert.equal(await open(), known);
});

for (const [what, method, target, body, field] of [
  ['an empty product', 'PUT', path, { product: '' }, 'product'],
  ['a product name of 101 characters', 'PUT', path, { product: 'x'.repeat(101) }, 'product'],
  ['events that do not exist', 'PUT', path, { callbackEvents: 'none' }, 'callbackEvents'],
  ['an unknown member', 'PUT', path, { events: 'all' }, 'events'],
  ['a short secret', 'POST', `${path}/signing-secret`, { signingSecret: 'x'.repeat(15) }, 'signingSecret'],
  ['a long secret', 'POST', `${path}/signing-secret`, { signingSecret: 'x'.repeat(201) }, 'signingSecret'],
  [
    'a secret with a space',
    'POST',
    `${path}/signing-secret`,
    { signingSecret: 'sixteen characters' },
    'signingSecret',
  ],
  ['an unknown member beside a secret', 'POST', `${path}/signing-secret`, { secret: 'x' }, 'secret'],
] as const)
  test(`${what} is refused, by name`, async () => {
    const { status, json } = await shop.call(method, target, { body });
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
  });

test('a key without the scope neither reads nor sets', async () => {
  const reader = await shop.newKey(['read']);
  const writer = await shop.newKey(['webhooks:write']);
  assert.equal((await shop.call('GET', path, { secret: writer })).status, 403);
  assert.equal((await shop.call('PUT', path, { secret: reader, body: {} })).status, 403);
  assert.equal((await shop.call('POST', `${path}/signing-secret`, { secret: reader, body: {} })).status, 403);
});
