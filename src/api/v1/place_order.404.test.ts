import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

for (const name of ['esim_9GB_7D_XX_V2', product.name.toLowerCase()]) {
  test(`the product ${name} is unknown`, async () => {
    const { status, json } = await shop.call('POST', '/v1/orders', { body: { lines: [{ product: name }] } });
    assert.deepEqual([status, json.code, json.fields[0].field], [404, 'unknown_product', 'lines[0].product']);
  });
}

test('an eSIM of another account is unknown, exactly as one that does not exist', async () => {
  const { json: order } = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: product.name }] },
  });
  await shop.fulfil();
  const { json: esims } = await shop.call('GET', `/v1/orders/${order.id}/esims`);
  const secret = await shop.newKey(['read', 'orders:write'], await shop.newAccount());
  const answers = await Promise.all(
    [esims.data[0].id, `esm_${'0'.repeat(32)}`].map((id) =>
      shop.call('POST', '/v1/orders', { body: { lines: [{ product: product.name, esims: [id] }] }, secret }),
    ),
  );
  const [other, none] = answers.map(({ json: { requestId: _, ...json } }) => json);
  assert.deepEqual([other.status, other.code], [404, 'not_found']);
  assert.deepEqual(other, none);
});
