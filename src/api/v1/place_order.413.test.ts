import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../base/limits.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

test('a body larger than the limit is refused', async () => {
  const body = { lines: [{ product: product.name }], reference: 'x'.repeat(limits.apiBodyBytesMax) };
  const { status, json } = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual([status, json.code], [413, 'body_too_large']);
});
