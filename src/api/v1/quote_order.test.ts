import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

test('a quote prices the lines and changes nothing', async () => {
  const before = (await shop.call('GET', '/v1/account')).json;
  const body = { lines: [{ product: product.name, quantity: 3 }, { product: product.name }] };
  const { json } = await shop.call('POST', '/v1/orders/quote', { body });
  assert.equal(json.quantity, 4);
  assert.deepEqual(json.total, { amount: '8.00', currency: 'EUR' });
  assert.deepEqual((await shop.call('GET', '/v1/account')).json, before);
  assert.deepEqual((await shop.call('GET', '/v1/orders')).json.data, []);
});

test('a quote needs no right to order', async () => {
  const secret = await shop.newKey(['read']);
  const body = { lines: [{ product: product.name }] };
  assert.equal((await shop.call('POST', '/v1/orders/quote', { body, secret })).status, 200);
});

test('a quote is refused for what an order would be refused for', async () => {
  const body = { lines: [{ product: 'nothing' }] };
  assert.equal((await shop.call('POST', '/v1/orders/quote', { body })).json.code, 'unknown_product');
});
