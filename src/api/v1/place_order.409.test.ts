import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putProducts } from '../../modules/catalogue/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const lines = [{ product: product.name }];

test('an Idempotency-Key with another body is refused, and no second order made', async () => {
  const headers = { 'idempotency-key': 'k' };
  const { json: first } = await shop.call('POST', '/v1/orders', { body: { lines }, headers });
  const body = { lines: [{ product: product.name, quantity: 2 }] };
  const { status, json } = await shop.call('POST', '/v1/orders', { body, headers });
  assert.deepEqual([status, json.code], [409, 'idempotency_key_reused']);
  const { json: list } = await shop.call('GET', '/v1/orders');
  assert.deepEqual(
    list.data.map((each: { id: string }) => each.id),
    [first.id],
  );
});

test('an order at an old price is refused with the new one', async () => {
  await putProducts(shop.ctx, [{ ...product, name: 'dearer', prices: { EUR: 250n } }]);
  const body = { lines: [{ product: 'dearer' }], expectedTotal: { amount: '2.00', currency: 'EUR' } };
  const { status, json } = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual([status, json.code], [409, 'price_changed']);
  assert.match(json.fields[0].detail, /2\.50/);
});

test('an order for more than is in stock is refused', async () => {
  const body = { lines: [{ product: product.name, quantity: 41 }] };
  const { status, json } = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual([status, json.code], [409, 'stock_empty']);
});

test('an eSIM cannot be topped up with what is no bundle', async () => {
  await putProducts(shop.ctx, [
    { ...product, name: 'bare', kind: 'esim', dataBytes: null, validityDays: null },
  ]);
  const body = { lines: [{ product: 'bare', esims: [`esm_${'0'.repeat(32)}`] }] };
  const { status, json } = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual([status, json.code], [409, 'bundle_not_compatible']);
});
