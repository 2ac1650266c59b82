import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateUsage } from '../../modules/bundles/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const get = async (url: string) => (await shop.call('GET', url)).json;
const post = async (url: string, body: object, headers = {}) =>
  (await shop.call('POST', url, { body, headers })).json;

type BundleJson = { id: string; esimId: string; state: string; [more: string]: unknown };

/** A new eSIM with a bundle, as `/v1` shows the bundle. */
async function buy(line: object = {}): Promise<BundleJson> {
  const { id } = await post('/v1/orders', { lines: [{ product: product.name, ...line }] });
  await shop.fulfil();
  const [esim] = (await get(`/v1/orders/${id}/esims`)).data;
  return (await get(`/v1/esims/${esim.id}/bundles`)).data[0];
}

let records = 0;

function use({ esimId }: BundleJson, bytes: bigint): Promise<unknown> {
  const of = { accountId: shop.account.id, esimId };
  const now = new Date();
  const record = {
    id: `u${++records}`,
    kind: 'data' as const,
    at: now,
    amount: bytes,
    country: 'NL',
    network: null,
  };
  return write({ ...shop.ctx, now }, {}, (tx) => rateUsage(tx, [{ ...of, records: [record], earlier: [] }]));
}

test('a bundle is found by id, with its allowances, its dates and what was paid', async () => {
  const bundle = await buy();
  assert.deepEqual(await get(`/v1/bundles/${bundle.id}`), bundle);
  assert.deepEqual(bundle['allowances'], [
    { kind: 'data', unlimited: false, initial: 1_000_000_000, used: 0, remaining: 1_000_000_000 },
  ]);
  assert.deepEqual(bundle['price'], { amount: '2.00', currency: 'EUR' });
  assert.ok(Date.parse(String(bundle['lapsesAt'])) > Date.parse(String(bundle['refundableUntil'])));
});

test('a used bundle shows what is left and until when', async () => {
  const bundle = await buy();
  await use(bundle, 250_000_000n);
  const { state, usedBytes, remainingBytes, startsAt, endsAt } = await get(`/v1/bundles/${bundle.id}`);
  assert.deepEqual([state, usedBytes, remainingBytes], ['active', 250_000_000, 750_000_000]);
  assert.equal(Date.parse(endsAt) - Date.parse(startsAt), 7 * 86_400_000);
});

test('bundles are listed newest first, by eSIM and by state, page by page', async () => {
  const [older, newer] = [await buy(), await buy()];
  const { data, nextCursor } = await get('/v1/bundles?limit=1');
  assert.deepEqual([data.length, data[0].id], [1, newer.id]);
  assert.equal((await get(`/v1/bundles?limit=1&cursor=${nextCursor}`)).data[0].id, older.id);
  assert.deepEqual(
    (await get(`/v1/bundles?esim=${older.esimId}`)).data.map(({ id }: BundleJson) => id),
    [older.id],
  );
  assert.deepEqual((await get(`/v1/bundles?esim=${older.esimId}&state=active`)).data, []);
  assert.equal((await get('/v1/bundles?esim=esm_none')).code, 'not_found');
});

test('what revoking means is said before, and then done', async () => {
  const bundle = await buy();
  const rules = await get(`/v1/bundles/${bundle.id}/revocation`);
  assert.deepEqual(rules, {
    revocable: true,
    reason: null,
    refunds: [
      { to: 'balance', amount: { amount: '2.00', currency: 'EUR' } },
      { to: 'inventory', amount: null },
    ],
    until: bundle['refundableUntil'],
  });
  const available = async () => Number((await get('/v1/account')).wallet.available.amount);
  const before = await available();
  const revoke = (key: string) =>
    post(`/v1/bundles/${bundle.id}/revoke`, { refundTo: 'balance' }, { 'idempotency-key': key });
  const revoked = await revoke('one');
  assert.equal(revoked.state, 'revoked');
  assert.deepEqual(await revoke('one'), revoked, 'a repetition is answered alike');
  assert.equal((await revoke('two')).code, 'conflict');
  assert.equal((await available()) - before, 2);
  assert.match((await get(`/v1/bundles/${bundle.id}/revocation`)).reason, /revoked/);
});

test('revoking needs a decision about the refund, and the scope for it', async () => {
  const bundle = await buy();
  assert.equal((await post(`/v1/bundles/${bundle.id}/revoke`, {})).fields[0].field, 'refundTo');
  const secret = await shop.newKey(['read']);
  const body = { refundTo: null };
  const { json } = await shop.call('POST', `/v1/bundles/${bundle.id}/revoke`, { body, secret });
  assert.equal(json.code, 'forbidden');
});

test('an activation date is ordered and shown', async () => {
  const activatesAt = new Date(Date.now() + 86_400_000).toISOString();
  const bundle = await buy({ activatesAt });
  assert.equal(bundle['activatesAt'], activatesAt);
  const lines = [{ product: product.name, activatesAt: '2020-01-01T00:00:00Z' }];
  assert.equal((await post('/v1/orders/quote', { lines })).fields[0].field, 'lines[0].activatesAt');
});

test('bundles bought for the inventory are listed, applied and given back', async () => {
  const { esimId, ['orderId']: _ } = await buy();
  const { id } = await post('/v1/orders', { lines: [{ product: product.name, quantity: 3, assign: false }] });
  await shop.fulfil();
  const order = await get(`/v1/orders/${id}`);
  assert.deepEqual([order.status, order.lines[0].assign], ['completed', false]);
  const [lot] = (await get(`/v1/bundle-lots?product=${product.name}`)).data;
  assert.deepEqual([lot.orderId, lot.total, lot.remaining, lot.unitPrice.amount], [id, 3, 3, '2.00']);

  const body = { product: product.name, esims: [esimId] };
  const applied = await post('/v1/bundle-lots/apply', body, { 'idempotency-key': 'apply' });
  assert.deepEqual([applied.data[0].esimId, applied.data[0].state], [esimId, 'queued']);
  assert.deepEqual(await post('/v1/bundle-lots/apply', body, { 'idempotency-key': 'apply' }), applied);

  assert.equal((await post(`/v1/bundle-lots/${lot.id}/refund`, { quantity: 2 })).remaining, 0);
  assert.equal((await post(`/v1/bundle-lots/${lot.id}/refund`, { quantity: 1 })).code, 'conflict');
  assert.deepEqual((await get('/v1/bundle-lots')).data, []);
  assert.equal((await get('/v1/bundle-lots?show=all')).data.length, 1);
  assert.equal((await post('/v1/bundle-lots/apply', body)).code, 'conflict');
});

test('a bundle revoked into the inventory is there', async () => {
  const bundle = await buy();
  await post(`/v1/bundles/${bundle.id}/revoke`, { refundTo: 'inventory' });
  const [lot] = (await get('/v1/bundle-lots')).data;
  assert.deepEqual([lot.total, lot.orderId, lot.expiresAt], [1, bundle['orderId'], bundle['lapsesAt']]);
});

test('whether a product can be used on an eSIM is answered with the networks of each country', async () => {
  const { esimId } = await buy();
  const ask = (name: string) => get(`/v1/esims/${esimId}/compatibility?product=${name}`);
  const { compatible, reasons, countries } = await ask(product.name);
  assert.deepEqual([compatible, reasons, countries.length, countries[0].country], [true, [], 1, 'NL']);
  assert.ok(countries[0].networks >= 3);
  assert.equal((await ask('nothing')).code, 'unknown_product');
  const { json } = await shop.call('GET', `/v1/esims/esm_none/compatibility?product=${product.name}`);
  assert.equal(json.code, 'not_found');
});

test("another account's bundles and lots answer like ones that do not exist", async () => {
  const bundle = await buy();
  await post('/v1/orders', { lines: [{ product: product.name, assign: false }] });
  await shop.fulfil();
  const [lot] = (await get('/v1/bundle-lots')).data;
  const secret = await shop.newKey(['read', 'orders:write'], await shop.newAccount());
  for (const url of [`/v1/bundles/${bundle.id}`, `/v1/bundles/${bundle.id}/revocation`])
    assert.equal((await shop.call('GET', url, { secret })).json.code, 'not_found');
  const changes: [string, object][] = [
    [`/v1/bundles/${bundle.id}/revoke`, { refundTo: null }],
    [`/v1/bundle-lots/${lot.id}/refund`, { quantity: 1 }],
    ['/v1/bundle-lots/apply', { product: product.name, esims: [bundle.esimId] }],
  ];
  for (const [url, body] of changes)
    assert.equal((await shop.call('POST', url, { body, secret })).json.code, 'not_found');
  for (const url of ['/v1/bundles', '/v1/bundle-lots?show=all'])
    assert.deepEqual((await shop.call('GET', url, { secret })).json.data, []);
});
