import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { listStockLevels } from '../inventory/index.ts';
import {
  cancelOrder,
  getOrder,
  listOrderIds,
  listOrders,
  type OrderDevice,
  type PlaceOrder,
  placeOrder,
  quoteOrder,
} from './index.ts';
import { addToStock, fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await openShop(ctx, { balanceMinor: 1_000_00n });
const other = await openShop(ctx, { name: 'other', stock: 0 });
await addToStock(ctx, accountId, 5, 'special-usim');
const product = 'esim_1GB_7D_NL_V2';
const place = (more: Partial<PlaceOrder> = {}) =>
  placeOrder(ctx, { accountId, currency: 'EUR', lines: [{ product }], ...more });
const idsOf = (customerId: string, limit = 10, of = accountId) =>
  listOrderIds(ctx, { accountId: of, customerId, limit });
const device: OrderDevice = { id: '356938035643809', type: 'ios', make: 'Apple' };
const stockOf = async (profileType: string) =>
  (await listStockLevels(ctx)).find((each) => each.profileType === profileType)?.available;

test('an order says for whom and for which device it is, whenever it is read', async () => {
  const order = await place({ customerId: 'cus_1', device });
  const read = await getOrder(ctx, { accountId, id: order.id });
  assert.deepEqual([read.customerId, read.device], ['cus_1', device]);
  assert.deepEqual((await listOrders(ctx, { accountId, limit: 1 }))[0], read);
  const cancelled = await cancelOrder(ctx, { accountId, id: order.id });
  assert.deepEqual([cancelled.customerId, cancelled.device], ['cus_1', device]);
  const plain = await place();
  assert.deepEqual([plain.customerId, plain.device], [null, null]);
  await fulfilAll(ctx);
});

test('the orders of a customer are listed newest first, at most as many as asked for, and only those of the account', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 4; count++) ids.unshift((await place({ customerId: 'cus_2' })).id);
  await placeOrder(ctx, { accountId: other.id, currency: 'EUR', lines: [{ product }], customerId: 'cus_2' });
  assert.deepEqual(await idsOf('cus_2'), ids);
  assert.deepEqual(await idsOf('cus_2', 2), ids.slice(0, 2));
  assert.equal((await idsOf('cus_2', 1e9, other.id)).length, 1);
  assert.deepEqual(await idsOf('cus_unknown'), []);
  await fulfilAll(ctx);
});

test('a customer with one order is found without reading those of others', async () => {
  await query(
    ctx.db,
    `insert into orders.orders (id, account_id, status, lines, quantity, total_minor, currency, input_hash, request_id, actor, created_at, customer_id)
      select 'ord_x' || lpad(n::text, 31, '0'), $1, 'completed', '[]', 1, 0, 'EUR', '', 'req', 'system', now(), 'cus_' || n
      from generate_series(10, 5000) as n`,
    [accountId],
  );
  const plan = await query<Record<'QUERY PLAN', string>>(
    ctx.db,
    `explain select id from orders.orders where account_id = 'a' and customer_id = 'c' order by id desc limit 10`,
  );
  assert.match(plan.map((row) => row['QUERY PLAN']).join('\n'), /orders_by_customer/);
  assert.equal((await idsOf('cus_77')).length, 1);
});

test('the same key for another customer, device or profile type is refused; for the same it is the same order', async () => {
  const input = { idempotencyKey: 'k', customerId: 'cus_3', device, profileType: 'special-usim' };
  const { id } = await place(input);
  const { id: idOfDevice, type } = device;
  const same = { ...input, device: { make: 'Apple', type, id: idOfDevice } };
  assert.equal((await place(same)).id, id);
  for (const changed of [
    { customerId: 'cus_4' },
    { device: { ...device, make: 'Other' } },
    { profileType: 'test-usim' },
  ])
    await assert.rejects(place({ ...input, ...changed }), { code: 'idempotency_key_reused' });
  await assert.rejects(place({ idempotencyKey: 'k' }), { code: 'idempotency_key_reused' });
  await cancelOrder(ctx, { accountId, id });
});

test('a device with a member of more than 200 characters is refused by name', async () => {
  await assert.rejects(place({ device: { id: 'x'.repeat(201), type: 'ios' } }), {
    code: 'invalid_request',
    fields: [{ field: 'device.id', detail: 'give at most 200 characters' }],
  });
});

test('new eSIMs are made from the profile type of the order, top-ups and unassigned bundles from none', async () => {
  const [own, special] = [await stockOf('test-usim'), await stockOf('special-usim')];
  const lines = [
    { product, quantity: 2 },
    { product, withLine: 0 },
    { product, assign: false },
  ];
  const order = await place({ profileType: 'special-usim', lines });
  assert.deepEqual(
    order.lines.map(({ profileType }) => profileType),
    ['special-usim', null, null],
  );
  await fulfilAll(ctx);
  assert.equal((await getOrder(ctx, { accountId, id: order.id })).status, 'completed');
  assert.deepEqual([await stockOf('test-usim'), await stockOf('special-usim')], [own, Number(special) - 2]);
});

test('an order of a profile type is refused for what is in stock of that, whatever there is of others', async () => {
  const input = { accountId, currency: 'EUR', profileType: 'special-usim' };
  await assert.rejects(quoteOrder(ctx, { ...input, lines: [{ product, quantity: 6 }] }), {
    code: 'stock_empty',
  });
  await quoteOrder(ctx, { ...input, lines: [{ product: 'other_1GB' }] });
  await assert.rejects(quoteOrder(ctx, { ...input, profileType: 'none', lines: [{ product }] }), {
    code: 'unknown_profile_type',
  });
  await assert.rejects(place({ profileType: 'none', whenStockIsEmpty: 'fail' }), {
    code: 'unknown_profile_type',
  });
});
