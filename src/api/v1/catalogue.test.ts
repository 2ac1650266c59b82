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
