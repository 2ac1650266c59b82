import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { listOrderItems, listOrders, listOrdersPage, type Order, placeOrder } from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await openShop(ctx);
const { id: other } = await openShop(ctx, { name: 'other' });
const after = (ms: number) => new Date(ctx.now.getTime() + ms);

// Two of each second, with a millisecond between them, from the oldest.
const placed: Order[] = [];
for (const ms of [0, 1, 1_000, 1_001, 2_000, 2_001])
  placed.push(
    await placeOrder(
      { ...ctx, now: after(ms) },
      {
        accountId,
        currency: 'EUR',
        lines: [{ product: 'esim_1GB_7D_NL_V2' }],
        ...(ms < 2 && { reference: 'first' }),
      },
    ),
  );
await placeOrder(ctx, { accountId: other, currency: 'EUR', lines: [{ product: 'esim_profile' }] });
const ids = placed.map(({ id }) => id).reverse();
const [newest, , , , , oldest] = ids;

const listed = async (more: object = {}) =>
  (await listOrders(ctx, { accountId, ...more })).map(({ id }) => id);

test('orders are listed newest first, behind one and in front of one', async () => {
  assert.deepEqual(await listed(), ids);
  assert.deepEqual(await listed({ limit: 2 }), ids.slice(0, 2));
  assert.deepEqual(await listed({ before: ids[1], limit: 2 }), ids.slice(2, 4));
  assert.deepEqual(await listed({ after: ids[4], limit: 2 }), ids.slice(2, 4));
  assert.deepEqual(await listed({ before: oldest }), []);
  assert.deepEqual(await listed({ after: newest }), []);
});

test('a range of time holds its both ends to the millisecond', async () => {
  assert.deepEqual(await listed({ createdFrom: after(1_000), createdTo: after(2_000) }), ids.slice(1, 4));
  assert.deepEqual(await listed({ createdFrom: after(2_001) }), ids.slice(0, 1));
  assert.deepEqual(await listed({ createdTo: after(0) }), ids.slice(5));
  assert.deepEqual(await listed({ createdFrom: after(2_002) }), []);
  assert.deepEqual(await listed({ createdTo: after(-1) }), []);
  assert.deepEqual(await listed({ createdFrom: after(2_000), createdTo: after(1_000) }), []);
  assert.deepEqual(await listed({ createdFrom: new Date(-1), createdTo: new Date(8.64e15) }), ids);
  assert.deepEqual(await listed({ createdTo: after(1_001), before: ids[2], limit: 1 }), [ids[3]]);
});

test('orders are listed by reference and status, within a range', async () => {
  assert.deepEqual(await listed({ reference: 'first' }), ids.slice(4));
  assert.deepEqual(await listed({ reference: 'first', createdFrom: after(1) }), [ids[4]]);
  assert.deepEqual(await listed({ reference: 'first', status: 'failed' }), []);
  assert.deepEqual(await listed({ status: 'accepted', limit: 1 }), [newest]);
});

test('pages by number hold each order once and say how many there are in all', async () => {
  const page = async (number: number, more: object = {}) => {
    const { orders, rows } = await listOrdersPage(ctx, { accountId, page: number, perPage: 4, ...more });
    return [orders.map(({ id }) => id), rows];
  };
  assert.deepEqual(await page(1), [ids.slice(0, 4), 6]);
  assert.deepEqual(await page(2), [ids.slice(4), 6]);
  assert.deepEqual(await page(3), [[], 6]);
  assert.deepEqual(await page(1, { createdTo: after(1_000) }), [ids.slice(3), 3]);
  assert.deepEqual(await page(1, { reference: 'first', perPage: 1 }), [[ids[4]], 2]);
  assert.deepEqual((await listOrdersPage(ctx, { accountId: other, page: 1, perPage: 100 })).rows, 1);
});

for (const [field, value] of [
  ['page', 0],
  ['page', 1.5],
  ['page', 1_000_001],
  ['perPage', 0],
  ['perPage', 101],
  ['perPage', Number.NaN],
] as const) {
  test(`${field} ${value} is refused by name`, async () => {
    const asked = listOrdersPage(ctx, { accountId, page: 1, perPage: 10, [field]: value });
    await assert.rejects(
      asked,
      (error: any) => error.code === 'invalid_request' && error.fields[0].field === field,
    );
  });
}

test('the items of an order are its lines with their eSIMs: none before they are made, then each once', async () => {
  const [order = assert.fail()] = placed;
  const items = async () => await listOrderItems(ctx, { accountId, order });
  assert.deepEqual(
    (await items()).map(({ esims }) => esims),
    [[]],
  );
  await fulfilAll(ctx);
  const [item, ...more] = await items();
  assert.deepEqual([item?.line.product, item?.lineIndex, more.length], ['esim_1GB_7D_NL_V2', 0, 0]);
  assert.deepEqual(
    item?.esims.map(({ orderId }) => orderId),
    [order.id],
  );
  assert.deepEqual((await listOrderItems(ctx, { accountId: other, order }))[0]?.esims, []);
});
