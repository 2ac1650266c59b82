import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import {
  cancelOrder,
  esimIdOf,
  getOrder,
  getOrderedEsim,
  listOrderedEsims,
  type Order,
  type OrderedEsimFilter,
  orderedEsimOf,
  placeOrder,
} from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const { id: accountId } = await openShop(ctx, { balanceMinor: 10_000_00n, stock: 120 });
const eid = '89049032000001000000000000000074';
const product = 'esim_1GB_7D_NL_V2';
const place = (more: object = {}) =>
  placeOrder(ctx, { accountId, currency: 'EUR', lines: [{ product, quantity: 1, ...more }] });
const idOf = (order: Order) => esimIdOf(order) ?? assert.fail('an order of one eSIM');
const get = (id: string) => getOrderedEsim(ctx, { accountId, id });
const list = async (filter: Omit<OrderedEsimFilter, 'accountId'> = {}) =>
  (await listOrderedEsims(ctx, { accountId, limit: 1_000, ...filter })).map(({ id }) => id);

test('an eSIM has one id from its order on, and says all there is to know of it', async () => {
  const order = await place({ eid });
  const reserving = await get(idOf(order));
  assert.deepEqual(reserving, orderedEsimOf(order));
  assert.deepEqual([reserving.status, reserving.eid, reserving.iccid], ['reserving', eid, null]);
  await fulfilAll(ctx);
  const available = await get(idOf(order));
  assert.equal(available.status, 'available');
  assert.equal(available.activationCode, `LPA:1$smdp.example.com$${available.matchingId}`);
  assert.deepEqual([available.eid, available.failure], [eid, null]);
  assert.ok((await list({ eid })).includes(available.id));
});

test('an order that was cancelled stands for its eSIM, which has failed', async () => {
  const order = await place({ eid });
  await cancelOrder(ctx, { accountId, id: order.id });
  const { status, failure } = await get(idOf(order));
  assert.deepEqual([status, failure?.code], ['failed', 'cancelled']);
  assert.ok((await list({ statuses: ['failed'], eid })).includes(idOf(order)));
  assert.ok(!(await list({ statuses: ['reserving', 'available'] })).includes(idOf(order)));
});

test('only orders of one new eSIM are listed, until they are eSIMs', async () => {
  const before = await list();
  const [two, single] = [await place({ quantity: 2 }), await place()];
  const unassigned = await place({ assign: false });
  assert.deepEqual(await list({ statuses: ['reserving'] }), [idOf(single)]);
  for (const { id } of [two, unassigned]) {
    const esimId = id.replace('ord', 'esm');
    await assert.rejects(get(esimId), { code: 'not_found' });
  }
  await fulfilAll(ctx);
  const topUp = await placeOrder(ctx, {
    accountId,
    currency: 'EUR',
    lines: [{ product, esims: [idOf(single)] }],
  });
  assert.equal((await getOrder(ctx, { accountId, id: topUp.id })).status, 'accepted');
  const added = (await list()).filter((id) => !before.includes(id));
  assert.equal(added.length, 3);
  assert.ok(added.includes(idOf(single)));
  await fulfilAll(ctx);
});

test('another account sees neither the order nor the eSIM', async () => {
  const other = await write(ctx, {}, (tx) =>
    createAccount(tx, { name: 'other', kind: 'sandbox', currency: 'EUR' }),
  );
  const order = await place();
  const stranger = { accountId: other.id, id: idOf(order) };
  await assert.rejects(getOrderedEsim(ctx, stranger), { code: 'not_found' });
  await fulfilAll(ctx);
  await assert.rejects(getOrderedEsim(ctx, stranger), { code: 'not_found' });
  assert.deepEqual(await listOrderedEsims(ctx, { accountId: other.id }), []);
  await assert.rejects(get(`esm_${'0'.repeat(32)}`), { code: 'not_found' });
});

test('while orders become eSIMs every list has each of them once, and each is found', async () => {
  const orders = await Promise.all(Array.from({ length: 60 }, () => place()));
  const ids = orders.map(idOf).sort().reverse();
  let isDone = false;
  const fulfilment = fulfilAll(ctx).finally(() => {
    isDone = true;
  });
  const seen = new Set<string>();
  for (let round = 0; !isDone || round === 0; round++) {
    const page = (await listOrderedEsims(ctx, { accountId, limit: 1_000 })).filter(({ id }) =>
      ids.includes(id),
    );
    assert.deepEqual(
      page.map(({ id }) => id),
      ids,
    );
    for (const { status } of page) seen.add(status);
    const one = await get(ids[round % ids.length] ?? '');
    seen.add(one.status);
  }
  await fulfilment;
  assert.ok(seen.has('reserving'), [...seen].join());
  assert.deepEqual(
    [...new Set(await list({ statuses: ['available'] }))].filter((id) => ids.includes(id)),
    ids,
  );
});

test('an order without stock stands for its eSIM, which has failed for that reason', async () => {
  const orders = await Promise.all(Array.from({ length: 60 }, () => place()));
  await fulfilAll(ctx);
  const ids = orders.map(idOf);
  const [failed = assert.fail('one too many')] = (await list({ statuses: ['failed'] })).filter((id) =>
    ids.includes(id),
  );
  const { status, failure, updatedAt } = await get(failed);
  assert.deepEqual([status, failure?.code], ['failed', 'stock_empty']);
  assert.deepEqual(updatedAt, (await getOrder(ctx, { accountId, id: failed.replace('esm', 'ord') })).endedAt);
});
