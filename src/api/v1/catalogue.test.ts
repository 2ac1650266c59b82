import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const wire = {
  name: 'esim_5GB_30D_DE_V2',
  kind: 'bundle',
  description: '5 GB in Germany',
  countries: ['DE'],
  dataBytes: 5_000_000_000,
  validityDays: 30,
  groups: ['Premium'],
  profileType: 'test-usim',
  prices: [
    { amount: '6.50', currency: 'EUR' },
    { amount: '700', currency: 'JPY' },
  ],
};
const slow = (afterBytes: number) => ({ afterBytes, speedKbps: 512 });
const put = (...products: object[]) => shop.call('PUT', '/v1/products', { body: { products } });
const names = (json: { data: { name: string }[] }) => json.data.map((each) => each.name);

test('a product that was put can be read and ordered at once', async () => {
  assert.deepEqual((await put(wire)).json, { count: 1 });
  const { json } = await shop.call('GET', `/v1/products/${wire.name}`);
  assert.deepEqual({ ...json, ...wire }, json);
  const { json: order } = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: wire.name }] },
  });
  assert.equal(order.total.amount, '6.50');
});

test('putting it again replaces it whole', async () => {
  await put({ ...wire, prices: [{ amount: '7.00', currency: 'EUR' }] });
  const { json } = await shop.call('GET', `/v1/products/${wire.name}`);
  assert.deepEqual(json.prices, [{ amount: '7.00', currency: 'EUR' }]);
  const { json: quote } = await shop.call('POST', '/v1/orders/quote', {
    body: { lines: [{ product: wire.name }] },
  });
  assert.equal(quote.total.amount, '7.00');
});

test('products are listed by country and group, page by page', async () => {
  await put(wire);
  assert.deepEqual(names((await shop.call('GET', '/v1/products?country=DE')).json), [wire.name]);
  assert.deepEqual(names((await shop.call('GET', '/v1/products?group=Standard')).json), [product.name]);
  const { json: first } = await shop.call('GET', '/v1/products?limit=1');
  const { json: second } = await shop.call('GET', `/v1/products?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([...names(first), ...names(second)], [product.name, wire.name]);
});

const refused: [name: string, products: object[], field: string][] = [
  ['no products', [], 'products'],
  ['a country that does not exist', [{ ...wire, countries: ['XX'] }], 'products[0].countries'],
  ['no price', [{ ...wire, prices: [] }], 'products[0].prices'],
  ['a bundle without data', [wire, { ...wire, name: 'other', dataBytes: null }], 'products[1].dataBytes'],
  ['half a yen', [{ ...wire, prices: [{ amount: '0.5', currency: 'JPY' }] }], 'products[0].prices[0].amount'],
  ['a bundle of no country', [{ ...wire, countries: [] }], 'products[0].countries'],
  ['thresholds that go down', [{ ...wire, thresholds: [80, 50] }], 'products[0].thresholds'],
  ['more than the whole', [{ ...wire, thresholds: [101] }], 'products[0].thresholds[0]'],
  ['fair use of what is limited', [{ ...wire, fairUse: [slow(1)] }], 'products[0].fairUse'],
  [
    'fair use that begins twice',
    [{ ...wire, dataBytes: null, unlimited: true, fairUse: [slow(5), slow(5)] }],
    'products[0].fairUse',
  ],
  ['unlimited data with an end', [{ ...wire, unlimited: true }], 'products[0].dataBytes'],
  ['half a message', [{ ...wire, smsCount: 0.5 }], 'products[0].smsCount'],
  ['an unknown member', [{ ...wire, price: 5 }], 'products[0].price'],
  ['the same name twice', [wire, wire], 'products'],
  ['the same currency twice', [{ ...wire, prices: [wire.prices[0], wire.prices[0]] }], 'products[0].prices'],
];
for (const [name, products, field] of refused) {
  test(`${name} is refused by name`, async () => {
    const { json } = await put(...products);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}

test('a product with messages, voice, fair use and thresholds is kept as it was put', async () => {
  const whole = {
    ...wire,
    name: 'everything',
    dataBytes: null,
    unlimited: true,
    smsCount: 100,
    voiceSeconds: 3600,
    fairUse: [slow(1_000), slow(2_000)],
    thresholds: [10, 90],
    lapseDays: 30,
    refundDays: 0,
  };
  assert.deepEqual((await put(whole)).json, { count: 1 });
  const { json } = await shop.call('GET', '/v1/products/everything');
  assert.deepEqual({ ...json, ...whole }, json);
});

test('what a product leaves out has its default', async () => {
  const { json } = await shop.call('GET', `/v1/products/${wire.name}`);
  const { smsCount, voiceSeconds, fairUse, thresholds, lapseDays, refundDays } = json;
  assert.deepEqual([smsCount, voiceSeconds, fairUse, thresholds], [null, null, null, null]);
  assert.deepEqual([lapseDays, refundDays], [365, 60]);
});

test('networks are listed by country, page by page', async () => {
  const { json: first } = await shop.call('GET', '/v1/networks?country=NL&limit=2');
  const { json: second } = await shop.call(
    'GET',
    `/v1/networks?country=NL&limit=2&cursor=${first.nextCursor}`,
  );
  const all = [...first.data, ...second.data];
  assert.equal(new Set(all.map(({ id }: { id: string }) => id)).size, 4);
  assert.ok(all.every(({ country, mcc }) => country === 'NL' && mcc === '204'));
  const { json } = await shop.call('GET', '/v1/networks?cursor=x');
  assert.equal(json.code, 'invalid_request');
});

test('an unknown product is not found', async () => {
  assert.equal((await shop.call('GET', '/v1/products/nothing')).json.code, 'unknown_product');
});

test('countries come with their regions', async () => {
  const { json } = await shop.call('GET', '/v1/countries');
  assert.deepEqual(
    json.data.find((each: { code: string }) => each.code === 'NL'),
    { code: 'NL', name: 'Netherlands', region: 'Europe' },
  );
});
