import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listBundlesOfAccount } from '../bundles/index.ts';
import { putProducts } from '../catalogue/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { getWallet } from '../ledger/index.ts';
import {
  cancelOrder,
  getOrder,
  listLots,
  listOrders,
  placeOrder,
  quoteOrder,
  revokeBundle,
} from './index.ts';
import { failOrder } from './move_orders.ts';
import { addToStock, fulfilAll, openShop, shopProducts } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const product = 'esim_1GB_7D_NL_V2';
const later = (days: number) => ({ ...ctx, now: new Date(ctx.now.getTime() + days * 86_400_000) });
let shops = 0;

async function shop({ stock = 20, balanceMinor = 100_00n } = {}) {
  const { id: accountId } = await openShop(ctx, { name: `shop ${++shops}`, stock, balanceMinor });
  const of = { accountId, currency: 'EUR' };
  const place = (line: object, more: object = {}, at = ctx) =>
    placeOrder(at, { ...of, lines: [{ product, ...line }], ...more });
  const done = async (line: object, at = ctx) => {
    const { id } = await place(line, {}, at);
    await fulfilAll(at);
    return await getOrder(ctx, { accountId, id });
  };
  const buy = (quantity: number, at = ctx) => done({ quantity, assign: false }, at);
  const esims = async (count: number) => {
    const { id } = await done({ product: 'esim_profile', quantity: count });
    return (await listEsimsOfOrder(ctx, { accountId, orderId: id, limit: count })).map((esim) => esim.id);
  };
  const remaining = async () =>
    (await listLots(ctx, { accountId, all: true })).map((lot) => lot.remaining).reverse();
  const bundles = () => listBundlesOfAccount(ctx, { accountId });
  return { ...of, of, place, done, buy, esims, remaining, bundles };
}

const fromInventory = true;

test('an order of bundles of the inventory costs nothing and takes those that expire first, with what was paid for them', async () => {
  const { of, accountId, buy, esims, done, remaining, bundles } = await shop();
  await buy(2, later(1));
  const early = await buy(1);
  const keys = await esims(2);
  const before = await getWallet(ctx, of);
  const order = await done({ esims: keys, fromInventory });
  assert.deepEqual([order.status, order.totalMinor, order.fulfilled], ['completed', 0n, 2]);
  assert.deepEqual(await getWallet(ctx, of), before);
  const lots = await listLots(ctx, { accountId, all: true });
  const earlyLot = lots.find(({ orderId }) => orderId === early.id);
  const lateLot = lots.find(({ orderId }) => orderId !== early.id);
  assert.deepEqual(order.lines[0]?.lots, [
    { lotId: earlyLot?.id, quantity: 1 },
    { lotId: lateLot?.id, quantity: 1 },
  ]);
  assert.deepEqual((await remaining()).sort(), [0, 1]);
  assert.deepEqual(
    (await bundles())
      .map(({ esimId, orderId, price, refundableUntil }) => [esimId, orderId, price, refundableUntil])
      .sort(),
    [
      [keys[0], order.id, earlyLot?.unitPrice, earlyLot?.refundableUntil],
      [keys[1], order.id, lateLot?.unitPrice, lateLot?.refundableUntil],
    ].sort(),
  );
});

test('new eSIMs are made for bundles of the inventory, and their refund is what was paid for them', async () => {
  const { of, accountId, buy, done, remaining, bundles } = await shop();
  await buy(3);
  const order = await done({ quantity: 2, fromInventory });
  const made = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 5 });
  assert.equal(made.length, 2);
  assert.deepEqual(await remaining(), [1]);
  const [bundle] = await bundles();
  const before = await getWallet(ctx, of);
  await write(ctx, {}, (tx) =>
    revokeBundle(tx, { accountId, bundleId: bundle?.id ?? '', refundTo: 'balance' }),
  );
  assert.equal((await getWallet(ctx, of)).availableMinor - before.availableMinor, 1_00n);
});

test('bundles of the inventory on an eSIM that cannot be used any more go onto a new one where that is allowed', async () => {
  const { buy, esims, done } = await shop();
  await buy(2);
  const [ended = '', usable = ''] = await esims(2);
  await query(ctx.db, "update esims.esims set state = 'failed' where id = $1", [ended]);
  const order = await done({ esims: [ended, usable], fromInventory, allowReassign: true });
  assert.deepEqual(
    order.lines.map(({ esimIds, lots, requestLine }) => [esimIds, lots.length, requestLine]),
    [
      [[usable], 1, 0],
      [null, 1, 0],
    ],
  );
  assert.equal(order.status, 'completed');
});

test('a quote says how many there are when there are too few, and takes nothing', async () => {
  const { of, buy, remaining, place } = await shop();
  await buy(2);
  const quote = (quantity: number) =>
    quoteOrder(ctx, { ...of, lines: [{ product, quantity, fromInventory }] });
  assert.deepEqual((await quote(2)).totalMinor, 0n);
  await assert.rejects(quote(3), { code: 'conflict', detail: /has 2 of esim_1GB_7D_NL_V2/ });
  await assert.rejects(place({ quantity: 3, fromInventory }), { code: 'conflict', detail: /has 2 of/ });
  assert.deepEqual(await remaining(), [2]);
});

test('fifty orders at once on two nodes and in transactions take exactly what there is', async () => {
  const { accountId, buy, place, remaining, bundles } = await shop({ stock: 60 });
  await buy(12);
  await buy(11);
  const other = testCtx(database);
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => {
      const at = index % 2 === 0 ? ctx : other;
      if (index % 3 !== 0) return place({ fromInventory }, {}, at);
      return write(at, {}, (tx) => place({ fromInventory }, {}, tx));
    }),
  );
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []));
  assert.deepEqual(refused, Array(27).fill('conflict'));
  assert.deepEqual(await remaining(), [0, 0]);
  await fulfilAll(ctx);
  assert.equal((await bundles()).length, 23);
  assert.equal((await listOrders(ctx, { accountId, status: 'completed' })).length, 25);
});

test('a cancelled order puts its bundles back once, however often it is cancelled', async () => {
  const { accountId, buy, place, remaining } = await shop();
  await buy(2);
  await buy(2);
  const { id } = await place({ quantity: 3, fromInventory });
  assert.deepEqual((await remaining()).sort(), [0, 1]);
  await Promise.all(Array.from({ length: 5 }, () => cancelOrder(ctx, { accountId, id })));
  assert.deepEqual(await remaining(), [2, 2]);
  await fulfilAll(ctx);
  assert.deepEqual(await remaining(), [2, 2]);
});

test('an order that cannot be fulfilled puts its bundles back once', async () => {
  const { accountId, buy, place, remaining } = await shop();
  await buy(2);
  const { id } = await place({ quantity: 2, fromInventory });
  assert.deepEqual(await remaining(), [0]);
  await Promise.all([failOrder(ctx, id), failOrder(ctx, id)]);
  await failOrder(ctx, id);
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'failed');
  assert.deepEqual(await remaining(), [2]);
});

test('an order for which there is no SIM profile left puts its bundles back', async () => {
  const { accountId, place, done, remaining } = await shop();
  await addToStock(ctx, accountId, 1, 'other-usim');
  await done({ product: 'other_1GB', quantity: 3, assign: false });
  const line = { product: 'other_1GB', quantity: 2, fromInventory };
  await assert.rejects(place(line), { code: 'stock_empty' });
  const { id } = await place(line, { whenStockIsEmpty: 'fail' });
  assert.deepEqual(await remaining(), [1]);
  await fulfilAll(ctx);
  assert.equal((await getOrder(ctx, { accountId, id })).failure?.code, 'stock_empty');
  assert.deepEqual(await remaining(), [3]);
});

test('a large order of the inventory is done in slices, each bundle with the lot it came from', async () => {
  const { buy, done, remaining, bundles } = await shop({ stock: 130, balanceMinor: 200_00n });
  await buy(70);
  await buy(50);
  const order = await done({ quantity: 110, fromInventory });
  assert.deepEqual([order.status, order.fulfilled], ['completed', 110]);
  assert.deepEqual(
    (await remaining()).reduce((sum, each) => sum + each, 0),
    10,
  );
  assert.ok((await bundles()).every(({ price }) => price?.amountMinor === 1_00n));
});

test('the same key takes bundles once, however often and at once it comes', async () => {
  const { buy, place, remaining } = await shop();
  await buy(3);
  const again = () => place({ fromInventory }, { idempotencyKey: 'k' });
  const placed = await Promise.all(Array.from({ length: 8 }, again));
  assert.equal(new Set(placed.map(({ id }) => id)).size, 1);
  assert.deepEqual(await remaining(), [2]);
  await assert.rejects(place({}, { idempotencyKey: 'k' }), { code: 'idempotency_key_reused' });
  await assert.rejects(place({ quantity: 3, fromInventory }), { code: 'conflict' });
  assert.equal((await again()).id, placed[0]?.id);
});

test('an order that is refused within a transaction, or rolled back with it, takes nothing', async () => {
  const { place, buy, remaining, accountId, of } = await shop({ balanceMinor: 3_00n });
  await buy(2);
  await write(ctx, {}, async (tx) => {
    const lines = [{ product, fromInventory }, { product: 'esim_5GB_30D_NL_V2' }];
    await assert.rejects(placeOrder(tx, { ...of, lines }), { code: 'insufficient_funds' });
  });
  const undone = write(ctx, {}, async (tx) => {
    await place({ fromInventory }, {}, tx);
    throw new Error('changed my mind');
  });
  await assert.rejects(undone, /changed my mind/);
  assert.deepEqual(await remaining(), [2]);
  assert.equal((await listOrders(ctx, { accountId })).length, 1);
});

test('bundles of the inventory are used in any currency, and though they are not sold any more', async () => {
  const { accountId, done } = await shop();
  const [bundle = assert.fail()] = shopProducts;
  const old = { ...bundle, name: 'old_one' };
  await putProducts(ctx, [old]);
  await done({ product: 'old_one', quantity: 2, assign: false });
  await putProducts(ctx, [{ ...old, state: 'retired', prices: { USD: 1_00n } }]);
  const order = await done({ product: 'old_one', fromInventory });
  assert.equal(order.status, 'completed');
  await assert.rejects(placeOrder(ctx, { accountId, currency: 'USD', lines: [{ product: 'old_one' }] }), {
    code: 'unknown_product',
  });
});

test("another account's inventory is not touched", async () => {
  const [mine, theirs] = [await shop(), await shop()];
  await theirs.buy(2);
  await assert.rejects(mine.place({ fromInventory }), { code: 'conflict', detail: /has 0 of/ });
  assert.deepEqual(await theirs.remaining(), [2]);
});

test('what is not in the inventory by its nature is refused by name', async () => {
  const { place } = await shop();
  const cases: [object, string][] = [
    [{ product: 'esim_profile', fromInventory }, 'lines[0].fromInventory'],
    [{ assign: false, fromInventory }, 'lines[0].fromInventory'],
    [{ quantity: 0, fromInventory }, 'lines[0].quantity'],
  ];
  for (const [line, field] of cases)
    await assert.rejects(
      place(line),
      (error: any) => error.code === 'invalid_request' && error.fields[0].field === field,
    );
  await assert.rejects(place({ product: 'ESIM_1GB_7D_NL_V2', fromInventory }), { code: 'unknown_product' });
});
