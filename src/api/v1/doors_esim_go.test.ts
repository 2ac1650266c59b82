import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSubaccount, openSigningSecret } from '../../modules/accounts/index.ts';
import { createOutgoing, useOutgoing } from '../../modules/webhooks/index.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const outgoing = createOutgoing({
  allowedNetworks: [],
  resolve: async (name) => {
    if (name !== 'receiver.example') throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return [{ address: '93.184.216.34', family: 4 }];
  },
});
useOutgoing(shop.core, outgoing);
after(() => outgoing.close());
const path = '/v1/doors/esimgo';
const url = 'https://receiver.example/esim-go';
const put = (body: object, options = {}) => shop.call('PUT', path, { body, ...options });
const sign = (body: object) => shop.call('POST', `${path}/signing-secret`, { body });
const defaults = {
  callbackUrl: null,
  callbackWebhook: null,
  callbackVersion: 3,
  signatureEncoding: 'base64',
  organisation: {},
  hasSigningSecret: false,
};

/** What is kept to sign this account's callback. */
async function keptSecrets(webhook: string): Promise<string[]> {
  const [row] = await query<{ secrets: Buffer }>(
    shop.ctx.db,
    'select secrets from webhooks.targets where id = $1',
    [webhook],
  );
  const kept = JSON.parse(shop.ctx.vault.open(row?.secrets ?? Buffer.alloc(0), webhook).toString());
  return kept.map(({ secret }: { secret: string }) => secret);
}

test('a callback is set, changed under its id and taken away with the settings around it', async () => {
  assert.deepEqual((await shop.call('GET', path)).json, defaults);
  const organisation = { addr1: '1 High Street', country: 'GB' };
  const set = await put({ callbackUrl: url, callbackVersion: 2, signatureEncoding: 'hex', organisation });
  const { callbackWebhook } = set.json;
  assert.match(callbackWebhook, /^whk_/);
  assert.deepEqual(set.json, {
    ...defaults,
    callbackUrl: url,
    callbackWebhook,
    callbackVersion: 2,
    signatureEncoding: 'hex',
    organisation,
  });
  assert.deepEqual((await shop.call('GET', path)).json, set.json);
  const moved = await put({ callbackUrl: `${url}/2` });
  assert.deepEqual(moved.json, { ...defaults, callbackUrl: `${url}/2`, callbackWebhook });
  assert.deepEqual((await put({})).json, defaults);
  assert.equal((await shop.call('GET', `/v1/webhooks/${callbackWebhook}`)).status, 404);
});

test('the callback is a webhook whose deliveries are seen, and which only its door changes', async () => {
  const { callbackWebhook: id } = (await put({ callbackUrl: url })).json;
  const webhook = (await shop.call('GET', `/v1/webhooks/${id}`)).json;
  assert.deepEqual([webhook.dialect, webhook.url, webhook.types.length], ['esim_go', url, 4]);
  assert.deepEqual((await shop.call('GET', `/v1/webhooks/${id}/deliveries`)).json.data, []);
  for (const [method, target, body] of [
    ['PUT', `/v1/webhooks/${id}`, { url }],
    ['DELETE', `/v1/webhooks/${id}`, undefined],
    ['POST', `/v1/webhooks/${id}/rotate-secret`, {}],
  ] as const)
    assert.equal((await shop.call(method, target, { ...(body && { body }) })).json.code, 'conflict');
});

test('a subaccount has the settings of its parent until it has its own, and never its callback', async () => {
  await put({ callbackUrl: url, callbackVersion: 2, organisation: { city: 'London' } });
  const sub = await write(shop.ctx, {}, (tx) =>
    createSubaccount(tx, { parentId: shop.account.id, name: 'Sub' }),
  );
  const headers = { 'overair-account': sub.id };
  const { json } = await shop.call('GET', path, { headers });
  assert.deepEqual(json, { ...defaults, callbackVersion: 2, organisation: { city: 'London' } });
  const own = await put({ callbackUrl: `${url}/sub`, organisation: {} }, { headers });
  assert.deepEqual([own.json.callbackVersion, own.json.organisation], [2, {}]);
  assert.equal((await shop.call('GET', path)).json.callbackUrl, url);
});

test('the key that set a callback signs it, until the account has a secret of its own: then no key is kept', async () => {
  const key = await shop.newKey(['webhooks:write']);
  const { callbackWebhook } = (await put({ callbackUrl: url }, { secret: key })).json;
  assert.deepEqual(await keptSecrets(callbackWebhook), [key]);
  const made = await sign({});
  assert.equal(made.status, 201);
  const open = () => openSigningSecret(shop.ctx, { accountId: shop.account.id, door: 'esimgo' });
  assert.equal(await open(), made.json.signingSecret);
  const shown = (await put({ callbackUrl: url })).json;
  assert.equal(shown.hasSigningSecret, true);
  assert.ok(!JSON.stringify(shown).includes(made.json.signingSecret));
  assert.deepEqual(await keptSecrets(callbackWebhook), []);
  const known = 'the-api-key-of-before';
  assert.deepEqual((await sign({ signingSecret: known })).json, { signingSecret: known });
  assert.equal(await open(), known);
});

for (const [what, body, field] of [
  ['a private address', { callbackUrl: 'http://10.1.2.3/cb' }, 'callbackUrl'],
  ['the address of the cloud', { callbackUrl: 'http://169.254.169.254/latest' }, 'callbackUrl'],
  ['a host that does not resolve', { callbackUrl: 'https://nowhere.example/' }, 'callbackUrl'],
  ['no URL', { callbackUrl: 'callback' }, 'callbackUrl'],
  ['an empty URL', { callbackUrl: '' }, 'callbackUrl'],
  ['version 1', { callbackVersion: 1 }, 'callbackVersion'],
  ['another encoding', { signatureEncoding: 'base64url' }, 'signatureEncoding'],
  ['an unknown detail', { organisation: { planet: 'Earth' } }, 'organisation.planet'],
  ['a long detail', { organisation: { city: 'x'.repeat(201) } }, 'organisation.city'],
  ['an unknown member', { url }, 'url'],
] as const)
  test(`${what} is refused, by name, and changes nothing`, async () => {
    const before = (await shop.call('GET', path)).json;
    const { status, json } = await put(body);
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
    assert.deepEqual((await shop.call('GET', path)).json, before);
  });

test('a key without the scope neither reads nor sets', async () => {
  const reader = await shop.newKey(['read']);
  const writer = await shop.newKey(['webhooks:write']);
  assert.equal((await shop.call('GET', path, { secret: writer })).status, 403);
  assert.equal((await put({}, { secret: reader })).status, 403);
  const secret = { secret: reader, body: {} };
  assert.equal((await shop.call('POST', `${path}/signing-secret`, secret)).status, 403);
});
