import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const body = { lines: [{ product: product.name }] };

for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
  test(`a body of type ${type} is refused`, async () => {
    const { status, json } = await shop.call('POST', '/v1/orders', {
      body,
      headers: { 'content-type': type },
    });
    assert.deepEqual([status, json.code], [415, 'unsupported_media_type']);
  });
}

test('JSON with a charset is taken', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  assert.equal((await shop.call('POST', '/v1/orders', { body, headers })).status, 201);
});
