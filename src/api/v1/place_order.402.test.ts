import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

test('an order that the balance does not cover is refused with what it costs and what there is', async () => {
  const poor = await shop.newAccount();
  const secret = await shop.newKey(['orders:write', 'read'], poor);
  const body = { lines: [{ product: product.name, quantity: 3 }] };
  const { status, json } = await shop.call('POST', '/v1/orders', { body, secret });
  assert.deepEqual([status, json.code], [402, 'insufficient_funds']);
  assert.match(json.detail, /6\.00 EUR.*0\.00/);
  assert.deepEqual((await shop.call('GET', '/v1/orders', { secret })).json.data, []);
});

test('after a top-up the same request with the same key is accepted', async () => {
  const poor = await shop.newAccount();
  const secret = await shop.newKey(['orders:write', 'read'], poor);
  const request = {
    body: { lines: [{ product: product.name }] },
    headers: { 'idempotency-key': 'k1' },
    secret,
  };
  assert.equal((await shop.call('POST', '/v1/orders', request)).status, 402);
  await shop.call('POST', '/v1/balance/top-ups', {
    body: { amount: { amount: '2.00', currency: 'EUR' } },
    secret,
  });
  assert.equal((await shop.call('POST', '/v1/orders', request)).status, 201);
});
