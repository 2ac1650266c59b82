import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignPriceList, putPriceList } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { newEsim, place } from '../orders/test_orders.ts';
import { data1Gb, openConnect } from '../test_connect.ts';

const europe = {
  ...data1Gb,
  name: 'europe_500MB',
  description: '500 MB in Europe',
  countries: ['DE', 'FR'],
  dataBytes: 500_000_000n,
  validityDays: 30,
  groups: ['TRAVEL', 'EUROPE'],
  prices: { USD: 450n, EUR: 400n, JPY: 700n },
};
const unlimited = {
  ...data1Gb,
  name: 'unlimited',
  dataBytes: null,
  unlimited: true,
  groups: [],
  prices: { USD: 999n },
};
const euroOnly = { ...data1Gb, name: 'euro_only', prices: { EUR: 100n } };
const door = await openConnect(await testDatabase(), {
  products: [data1Gb, europe, unlimited, euroOnly],
  stock: 2,
});

const list = async (query: Record<string, string> = {}, options = {}): Promise<any[]> => {
  const { status, body } = await door.call('GET', '/v1/products', { query, ...options });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
const idsOf = (products: readonly { id: string }[]) => products.map(({ id }) => id);

test('a product is written by the names of the vendor, its price under its currency', async () => {
  const [first] = await list({ currency: 'USD' });
  assert.deepEqual(first, {
    id: data1Gb.name,
    name: data1Gb.description,
    description: data1Gb.description,
    period: 7,
    period_unit: 'DAYS',
    data: { value: 1, unit: 'GB' },
    footprint: ['NL'],
    activeCountries: ['ALL'],
    active_countries: ['ALL'],
    pricing: { USD: 2 },
    region: 'Europe',
  });
});

test('prices are in EUR unless another currency is asked for, by either name; what has none in it is left out', async () => {
  const prices = async (query: Record<string, string>) =>
    (await list(query)).map(({ id, pricing }) => [id, pricing]);
  const inEuro = [
    [data1Gb.name, { EUR: 2 }],
    [europe.name, { EUR: 4 }],
  ];
  assert.deepEqual(await prices({}), inEuro);
  assert.deepEqual(await prices({ currency: 'EUR' }), inEuro);
  assert.deepEqual(await prices({ targetCurrency: 'jpy' }), [[europe.name, { JPY: 700 }]]);
  assert.deepEqual(idsOf(await list({ currency: 'USD' })), [data1Gb.name, europe.name, unlimited.name]);
});

test('what is listed can be ordered at that price, and nothing else is listed', async () => {
  for (const { id, pricing } of await list({ currency: 'EUR' })) {
    const subscriptions = [{ product_id: id, price: pricing.EUR, currency: 'EUR' }];
    assert.equal((await place(door, newEsim({ subscriptions }))).status, 200);
  }
  const subscriptions = [{ product_id: euroOnly.name }];
  assert.equal((await place(door, newEsim({ subscriptions }))).status, 400);
});

test('a plan is a group of products, or a product that is in none', async () => {
  assert.deepEqual(idsOf(await list({ currency: 'USD', plan_id: 'EUROPE' })), [europe.name]);
  assert.deepEqual(idsOf(await list({ currency: 'USD', plan_id: 'Standard' })), [data1Gb.name]);
  assert.deepEqual(idsOf(await list({ currency: 'USD', plan_id: unlimited.name })), [unlimited.name]);
  assert.deepEqual(await list({ plan_id: 'nothing' }), []);
});

test('amounts of data are gigabytes, -1 without a limit', async () => {
  const values = (await list({ currency: 'USD' })).map(({ data }) => data.value);
  assert.deepEqual(values, [1, 0.5, -1]);
});

test('a product is found by its id, at both spellings, with its price in EUR or what was asked for', async () => {
  for (const path of ['/v1/products', '/v1/product', '/v1/product/']) {
    const { body } = await door.call('GET', `${path.replace(/\/$/, '')}/${europe.name}`);
    assert.deepEqual([body.id, body.pricing], [europe.name, { EUR: 4 }]);
  }
  const asked = await door.call('GET', `/v1/products/${europe.name}`, { query: { currency: 'USD' } });
  assert.deepEqual(asked.body.pricing, { USD: 4.5 });
  // There is none in EUR: then it is in what the account pays in.
  const { body } = await door.call('GET', `/v1/products/${unlimited.name}`);
  assert.deepEqual(body.pricing, { USD: 9.99 });
});

test('the prices are those of the account: its price list, where it has one', async () => {
  const price = { product: data1Gb.name, currency: 'USD', fromQuantity: 1, amountMinor: 150n };
  await write(door.ctx, {}, async (tx) => {
    await putPriceList(tx, { name: 'friends', prices: [price] });
    await assignPriceList(tx, { accountId: door.foreign.account.id, priceList: 'friends' });
  });
  const token = await door.tokenOf(door.foreign);
  const [own] = await list({ currency: 'USD' }, { token });
  assert.deepEqual(own.pricing, { USD: 1.5 });
  assert.deepEqual((await list({ currency: 'USD' }))[0].pricing, { USD: 2 });
});
