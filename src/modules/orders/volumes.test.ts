import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { assignPriceList, putPriceList, putProducts } from '../catalogue/index.ts';
import { getWallet } from '../ledger/index.ts';
import { cancelOrder, getOrder, placeOrder, quoteOrder } from './index.ts';
import { addToStock, fulfilAll, openShop, shopProducts } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const bundle = 'esim_1GB_7D_NL_V2';
const plain = 'esim_profile';
let shops = 0;

/** 0.90 € for the first 9, then 0.80 €, from 26 on 0.70 €; the eSIM without a bundle costs a flat 2.00 €. */
const tiers: [from: number, amountMinor: bigint][] = [
  [1, 90n],
  [10, 80n],
  [26, 70n],
];

async function shop(options: Parameters<typeof openShop>[1] = {}) {
  const name = `shop-${++shops}`;
  const { id: accountId } = await openShop(ctx, { name, stock: 80, ...options });
  await priceList(name, tiers);
  await write(ctx, {}, (tx) => assignPriceList(tx, { accountId, priceList: name }));
  const of = { accountId, currency: 'EUR' };
  const input = (quantity = 1, more: object = {}) => ({
    ...of,
    lines: [{ product: bundle, quantity }],
    ...more,
  });
  return {
    of,
    accountId,
    name,
    input,
    place: (quantity = 1, more: object = {}) => placeOrder(ctx, input(quantity, more)),
  };
}

function priceList(name: string, ofBundle: readonly [number, bigint][]) {
  const price =
    (product: string) =>
    ([fromQuantity, amountMinor]: readonly [number, bigint]) => ({
      product,
      currency: 'EUR',
      fromQuantity,
      amountMinor,
    });
  const prices = [...ofBundle.map(price(bundle)), price(plain)([1, 2_00n])];
  return write(ctx, {}, (tx) => putPriceList(tx, { name, prices }));
}

async function volumeOf(accountId: string, product = bundle): Promise<number | undefined> {
  const [row] = await query<{ ordered: bigint }>(
    ctx.db,
    'select ordered from orders.volumes where account_id = $1 and product = $2',
    [accountId, product],
  );
  return row && Number(row.ordered);
}

test('an account with a price list pays its prices, others pay the catalogue', async () => {
  const { of, place } = await shop();
  const { id } = await openShop(ctx, { name: 'another', stock: 0 });
  assert.equal((await place()).totalMinor, 90n);
  const flat = await placeOrder(ctx, { ...of, lines: [{ product: plain }] });
  assert.equal(flat.totalMinor, 2_00n);
  const theirs = { accountId: id, currency: 'EUR', lines: [{ product: bundle }, { product: plain }] };
  assert.equal((await placeOrder(ctx, theirs)).totalMinor, 3_60n);
  assert.equal(await volumeOf(id), undefined);
  assert.equal(await volumeOf(of.accountId, plain), undefined);
});

test('the price of a line is that of the tier which all pieces up to its last one come to', async () => {
  const { accountId, of, place, input } = await shop();
  assert.equal((await place(9)).lines[0]?.unitPriceMinor, 90n);
  assert.equal((await quoteOrder(ctx, input(1))).totalMinor, 80n);
  assert.equal((await quoteOrder(ctx, input(17))).totalMinor, 17n * 70n);
  assert.equal(await volumeOf(accountId), 9);
  const two = { ...of, lines: [{ product: bundle, quantity: 16 }, { product: bundle }, { product: plain }] };
  const { lines, totalMinor } = await placeOrder(ctx, two);
  assert.deepEqual(
    lines.map((line) => line.unitPriceMinor),
    [80n, 70n, 2_00n],
  );
  assert.equal(totalMinor, 16n * 80n + 70n + 2_00n);
  assert.equal(await volumeOf(accountId), 26);
});

test('fifty orders at once on two nodes and in transactions, over two tiers, pay exactly what fifty one after the other pay', async () => {
  const { accountId, of, input } = await shop();
  const otherNode = testCtx(database);
  const places = [
    () => placeOrder(ctx, input()),
    () => placeOrder(otherNode, input()),
    () => write(ctx, {}, (tx) => placeOrder(tx, input())),
  ];
  const placed = await Promise.all(
    Array.from({ length: 50 }, (_, index) => places[index % 3]?.() ?? assert.fail()),
  );
  const count = (minor: bigint) => placed.filter((order) => order.totalMinor === minor).length;
  assert.deepEqual([count(90n), count(80n), count(70n)], [9, 16, 25]);
  assert.equal(await volumeOf(accountId), 50);
  const held = 9n * 90n + 16n * 80n + 25n * 70n;
  assert.deepEqual((await getWallet(ctx, of)).heldMinor, held);
});

test('orders of two products by volume in either order do not wait for each other in a circle', async () => {
  const { accountId, of, name } = await shop({ balanceMinor: 200_00n });
  const price = (product: string) => (fromQuantity: number) => ({
    product,
    currency: 'EUR',
    fromQuantity,
    amountMinor: BigInt(200 - fromQuantity),
  });
  const prices = [bundle, plain].flatMap((product) => [1, 5, 40].map(price(product)));
  await write(ctx, {}, (tx) => putPriceList(tx, { name, prices }));
  const otherNode = testCtx(database);
  const orders = Array.from({ length: 30 }, (_, index) => {
    const lines = [{ product: bundle }, { product: plain }];
    return placeOrder(index % 3 ? ctx : otherNode, { ...of, lines: index % 2 ? lines : lines.reverse() });
  });
  const placed = await Promise.all(orders);
  assert.deepEqual([await volumeOf(accountId), await volumeOf(accountId, plain)], [30, 30]);
  const paid = placed.flatMap((order) => order.lines.map((line) => line.unitPriceMinor));
  assert.deepEqual([paid.filter((minor) => minor === 199n).length, paid.length], [8, 60]);
});

test('an order that is refused or repeated is not counted', async () => {
  const { accountId, place } = await shop({ balanceMinor: 1_00n });
  await place(1, { idempotencyKey: 'k' });
  const again = await Promise.all(Array.from({ length: 5 }, () => place(1, { idempotencyKey: 'k' })));
  assert.equal(new Set(again.map((order) => order.id)).size, 1);
  await assert.rejects(place(2, { idempotencyKey: 'k' }), { code: 'idempotency_key_reused' });
  await assert.rejects(place(2), { code: 'insufficient_funds' });
  await assert.rejects(place(1, { expected: { totalMinor: 1n, currency: 'EUR' } }), {
    code: 'price_changed',
  });
  await assert.rejects(place(0), { code: 'invalid_request' });
  assert.equal(await volumeOf(accountId), 1);
});

test('the same key at once is one order, counted once', async () => {
  const { accountId, place } = await shop();
  const placed = await Promise.all(Array.from({ length: 10 }, () => place(3, { idempotencyKey: 'k' })));
  assert.equal(new Set(placed.map((order) => order.id)).size, 1);
  assert.equal(await volumeOf(accountId), 3);
});

test('what is cancelled or fails comes off the volume again, once', async () => {
  const { accountId, of, place, input } = await shop();
  await fulfilAll(ctx);
  const kept = await place(8);
  const { id } = await place(4);
  assert.equal(await volumeOf(accountId), 12);
  await Promise.all(Array.from({ length: 3 }, () => cancelOrder(ctx, { accountId, id })));
  assert.equal(await volumeOf(accountId), 8);
  const failing = await placeOrder(ctx, { ...input(9_999), whenStockIsEmpty: 'fail' }).catch(() => undefined);
  assert.equal(failing, undefined, 'it costs more than there is');
  const spoilt = await place(5);
  await query(
    ctx.db,
    `update orders.orders set lines = jsonb_set(lines, '{0,sealedConfirmationCode}', '"AAAA"') where id = $1`,
    [spoilt.id],
  );
  assert.equal(await volumeOf(accountId), 13);
  await fulfilAll(ctx);
  assert.equal((await getOrder(ctx, { accountId, id: spoilt.id })).status, 'failed');
  assert.equal((await getOrder(ctx, { accountId, id: kept.id })).status, 'completed');
  assert.equal(await volumeOf(accountId), 8);
  assert.equal((await getWallet(ctx, of)).spentMinor, 8n * 90n);
});

test('placing, cancelling and failing at once leaves the volume of what was not ended', async () => {
  const { accountId, place } = await shop({ stock: 0, balanceMinor: 1_000_00n });
  await addToStock(ctx, accountId, 40);
  const placed = await Promise.all(Array.from({ length: 40 }, () => place()));
  const busy = [
    ...placed.slice(0, 15).map(({ id }) => cancelOrder(ctx, { accountId, id }).catch(() => undefined)),
    ...Array.from({ length: 20 }, () => place(1, { whenStockIsEmpty: 'fail' })),
    fulfilAll(ctx),
    fulfilAll(testCtx(database)),
  ];
  await Promise.all(busy);
  await fulfilAll(ctx);
  const [row] = await query<{ pieces: bigint }>(
    ctx.db,
    `select sum(quantity) as pieces from orders.orders where account_id = $1 and status = 'completed'`,
    [accountId],
  );
  assert.equal(await volumeOf(accountId), Number(row?.pieces));
});

test('a line is taken off only if it was counted: tiers that come later change nothing about orders of before', async () => {
  const { accountId, place, name } = await shop();
  await priceList(name, [[1, 90n]]);
  const before = await place(3);
  await priceList(name, tiers);
  await place(2);
  await cancelOrder(ctx, { accountId, id: before.id });
  assert.equal(await volumeOf(accountId), 2);
});

test('an order is charged the list as it is when it is accepted, however another node changed it meanwhile', async () => {
  const { place, name, input } = await shop();
  const otherNode = testCtx(database);
  await quoteOrder(otherNode, input());
  await priceList(name, [[1, 33n]]);
  assert.equal((await placeOrder(otherNode, input())).totalMinor, 33n);
  await priceList(name, [
    [1, 44n],
    [2, 11n],
  ]);
  assert.equal((await placeOrder(otherNode, input())).totalMinor, 44n);
  assert.equal((await place()).totalMinor, 11n);
});

test('a product that has no price in a currency but in the list is sold for that', async () => {
  const { accountId, name } = await shop();
  await putProducts(ctx, shopProducts);
  const prices = [{ product: plain, currency: 'JPY', fromQuantity: 1, amountMinor: 7n }];
  await write(ctx, {}, (tx) => putPriceList(tx, { name, prices }));
  const quoteIn = (currency: string) => quoteOrder(ctx, { accountId, currency, lines: [{ product: plain }] });
  assert.equal((await quoteIn('JPY')).totalMinor, 7n);
  assert.equal((await quoteIn('EUR')).totalMinor, 2_60n);
  await assert.rejects(quoteIn('CHF'), { code: 'currency_mismatch' });
});

test('a transaction that changes a price list and is rolled back has charged itself the new price, and nobody else', async () => {
  const { name, input, place } = await shop();
  await place();
  const undone = write(ctx, {}, async (tx) => {
    const prices = [{ product: bundle, currency: 'EUR', fromQuantity: 1, amountMinor: 1n }];
    await putPriceList(tx, { name, prices });
    assert.equal((await placeOrder(tx, input())).totalMinor, 1n);
    throw new Error('never mind');
  });
  await assert.rejects(undone, /never mind/);
  // The next change has the number that the one rolled back had.
  await priceList(`${name}-unused`, tiers);
  assert.equal((await place()).totalMinor, 90n);
});
