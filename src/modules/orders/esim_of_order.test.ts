import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { type EventType, listEvents } from '../events/index.ts';
import { getWallet } from '../ledger/index.ts';
import { cancelOrder, esimIdOf, getOrder, placeOrder, quoteOrder } from './index.ts';
import { addToStock, fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const product = 'esim_1GB_7D_NL_V2';
const { id: accountId } = await openShop(ctx);
const of = { accountId, currency: 'EUR' };
const place = (line: object = {}, more: object = {}) =>
  placeOrder(ctx, { ...of, lines: [{ product, ...line }], ...more });
const dataOf = async (type: EventType, resourceId: string) =>
  (await listEvents(ctx, { accountId, resourceId, types: [type] })).events[0]?.data;

test('the eSIM of an order of one has the number of its order', async () => {
  const order = await place();
  const id = esimIdOf(order);
  assert.equal(id, order.id.replace('ord_', 'esm_'));
  await fulfilAll(ctx);
  const esims = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 10 });
  assert.deepEqual(
    esims.map((each) => each.id),
    [id],
  );
  const read = await getOrder(ctx, { accountId, id: order.id });
  assert.equal(esimIdOf(read), id);
});

test('orders of more, of top-ups and of unassigned bundles stand for no eSIM', async () => {
  const two = await place({ quantity: 2 });
  await fulfilAll(ctx);
  const [esim, other] = await listEsimsOfOrder(ctx, { accountId, orderId: two.id, limit: 10 });
  assert.notEqual(esim?.id, other?.id);
  const topUp = await place({ esims: [esim?.id] });
  const unassigned = await place({ assign: false });
  const lines = [{ product }, { product }];
  const twoLines = await placeOrder(ctx, { ...of, lines });
  assert.deepEqual([two, topUp, unassigned, twoLines].map(esimIdOf), [null, null, null, null]);
  await fulfilAll(ctx);
});

test('ids of orders go by the clock of the account', async () => {
  const later = { ...ctx, now: new Date('2031-01-01T00:00:00Z') };
  const order = await placeOrder(later, { ...of, lines: [{ product }] });
  assert.equal(Number.parseInt(order.id.slice(4, 16), 16), later.now.getTime());
});

test('an order of one that is cancelled or fails tells which eSIM there will not be', async () => {
  const cancelled = await place();
  await cancelOrder(ctx, { accountId, id: cancelled.id });
  assert.equal((await dataOf('order.cancelled', cancelled.id))?.['esimId'], esimIdOf(cancelled));
  const two = await place({ quantity: 2 });
  await cancelOrder(ctx, { accountId, id: two.id });
  assert.deepEqual(await dataOf('order.cancelled', two.id), { status: 'cancelled' });
});

test('with an empty stock an order is refused, unless it is to fail, which costs nothing', async () => {
  const input = { ...of, lines: [{ product: 'other_1GB' }] };
  await addToStock(ctx, accountId, 1, 'other-usim');
  await fulfilAll(ctx);
  const before = await getWallet(ctx, of);
  await placeOrder(ctx, input);
  await fulfilAll(ctx);
  await assert.rejects(placeOrder(ctx, input), { code: 'stock_empty' });
  await assert.rejects(placeOrder(ctx, { ...input, whenStockIsEmpty: 'refuse' }), { code: 'stock_empty' });
  const failing = await placeOrder(ctx, { ...input, whenStockIsEmpty: 'fail' });
  assert.equal(failing.status, 'accepted');
  await fulfilAll(ctx);
  const { status, failure } = await getOrder(ctx, { accountId, id: failing.id });
  assert.deepEqual([status, failure?.code], ['failed', 'stock_empty']);
  assert.equal((await dataOf('order.failed', failing.id))?.['esimId'], esimIdOf(failing));
  assert.deepEqual(await getWallet(ctx, of), {
    ...before,
    availableMinor: before.availableMinor - 1_00n,
    spentMinor: before.spentMinor + 1_00n,
  });
});

test('a masked EID is taken only where it is allowed, and only in the form of the documentation', async () => {
  const quote = (eid: string, allowMaskedEid?: boolean) =>
    quoteOrder(ctx, {
      ...of,
      lines: [{ product, eid }],
      ...(allowMaskedEid !== undefined && { allowMaskedEid }),
    });
  const masked = '89049032005008882600033489aaaaaa';
  await assert.rejects(quote(masked), { code: 'invalid_request' });
  await assert.rejects(quote(masked, false), { code: 'invalid_request' });
  assert.equal((await quote(masked, true)).lines[0]?.eid, masked);
  for (const eid of ['89049032005008882600033489AAAAAA', `8${masked}`, '8904903200500888260003348aaaaaaa'])
    await assert.rejects(quote(eid, true), { code: 'invalid_request' });
  await assert.rejects(quote('89049032123451234512345678901234', true), { code: 'invalid_request' });
});
