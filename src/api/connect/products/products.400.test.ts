import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { data1Gb, openConnect } from '../test_connect.ts';

const euroOnly = { ...data1Gb, name: 'euro_only', prices: { EUR: 100n } };
const dollarsOnly = { ...data1Gb, name: 'dollars_only', prices: { USD: 100n } };
const door = await openConnect(await testDatabase(), {
  products: [data1Gb, euroOnly, dollarsOnly],
  stock: 0,
});

for (const path of ['/v1/products', `/v1/products/${data1Gb.name}`, '/v2/products'])
  for (const query of [
    'currency=CHF',
    'currency=EURO',
    'currency=1',
    'targetCurrency=XXX',
    'currency=EUR&currency=USD',
  ])
    test(`${path}?${query} is refused by the name of the currency`, async () => {
      const { status, body } = await door.call('GET', `${path}?${query}`);
      assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
      assert.match(body.messages[0], /^(currency|targetCurrency): /);
    });

test('a product without a price in the currency asked for is refused by the name of the currency', async () => {
  const { status, body } = await door.call('GET', '/v1/products/dollars_only', {
    query: { currency: 'EUR' },
  });
  assert.deepEqual([status, body.messages], [400, ['currency: nothing is sold in EUR']]);
});

test('a plan that is too long or given twice, and pages that cannot be, are refused by name', async () => {
  for (const query of [`plan_id=${'x'.repeat(300)}`, 'plan_id=a&plan_id=b']) {
    const { status, body } = await door.call('GET', `/v1/products?${query}`);
    assert.deepEqual([status, body.messages[0].split(':')[0]], [400, 'plan_id']);
  }
  for (const query of ['page=0', 'page=x', 'page_size=0', 'page_size=5000', 'page_size=1.5']) {
    const { status, body } = await door.call('GET', `/v2/products?${query}`);
    assert.deepEqual([status, body.messages[0].split(':')[0]], [400, query.split('=')[0]]);
  }
});

test('a product that the account cannot order is 404 NOT_FOUND, whatever it is', async () => {
  for (const id of ['unknown', 'euro_only', data1Gb.name.toUpperCase(), 'a%00b', '%20']) {
    const { status, body } = await door.call('GET', `/v1/products/${id}`);
    assert.deepEqual([status, body.type], [404, 'NOT_FOUND'], id);
  }
});

test('without a token 401, and without the scope to read 403', async () => {
  assert.equal((await door.call('GET', '/v1/products', { token: null })).status, 401);
  const token = await door.tokenOf(await door.newKey(['orders:write']));
  assert.equal((await door.call('GET', '/v1/products', { token })).status, 403);
});
