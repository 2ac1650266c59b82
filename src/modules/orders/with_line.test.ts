import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listBundles } from '../bundles/index.ts';
import { assignPriceList, putPriceList } from '../catalogue/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { listStockLevels } from '../inventory/index.ts';
import { getWallet } from '../ledger/index.ts';
import { fulfilOrders } from './fulfil_orders.ts';
import {
  cancelOrder,
  esimIdOf,
  getOrder,
  getOrderedEsim,
  listLots,
  listOrderedEsims,
  listOrderItems,
  type OrderLineInput,
  placeOrder,
  quoteOrder,
  revokeBundle,
} from './index.ts';
import { addToStock, fulfilAll, openShop } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const otherNode = testCtx(database);
const [small, big, plain] = ['esim_1GB_7D_NL_V2', 'esim_5GB_30D_NL_V2', 'esim_profile'];
const { id: accountId } = await openShop(ctx, { balanceMinor: 100_000_00n, stock: 900 });
const of = { accountId, currency: 'EUR' };
const place = (...lines: OrderLineInput[]) => placeOrder(ctx, { ...of, lines });
const esimsOf = (orderId: string, limit = 1_000) => listEsimsOfOrder(ctx, { accountId, orderId, limit });
const available = async () =>
  (await listStockLevels(ctx)).find((each) => each.profileType === 'test-usim')?.available;
const statusOf = async ({ id }: { id: string }) => (await getOrder(ctx, { accountId, id })).status;
/** The products on each eSIM of the order, in the order in which they were assigned. */
async function productsOf(orderId: string): Promise<string[]> {
  const rows = await query<{ products: string }>(
    ctx.db,
    `select coalesce(string_agg(b.product_name, ' ' order by b.id), '') as products
     from esims.esims e left join bundles.bundles b on b.esim_id = e.id and b.state = 'queued'
     where e.order_id = $1 group by e.id order by e.id`,
    [orderId],
  );
  return rows.map(({ products }) => products);
}

test('bundles of several lines come onto the one new eSIM, each at its price and its date, in the order of the lines', async () => {
  const activatesAt = new Date(ctx.now.getTime() + 5 * 86_400_000);
  const order = await place(
    { product: small },
    { product: big, withLine: 0, activatesAt },
    { product: small, withLine: 0 },
  );
  assert.deepEqual([order.quantity, order.totalMinor], [3, 1_00n + 4_50n + 1_00n]);
  assert.deepEqual(
    order.lines.map(({ withLine, quantity, esimIds }) => [withLine, quantity, esimIds]),
    [
      [null, 1, null],
      [0, 1, null],
      [0, 1, null],
    ],
  );
  const stock = (await available()) ?? 0;
  await fulfilAll(ctx);
  assert.equal(await available(), stock - 1);
  const [esim = assert.fail(), ...others] = await esimsOf(order.id);
  assert.deepEqual([others, esim.id], [[], esimIdOf(order)]);
  const bundles = (await listBundles(ctx, { accountId, esimId: esim.id })).sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  assert.deepEqual(
    bundles.map((each) => [each.productName, each.price?.amountMinor, each.activatesAt, each.orderId]),
    [
      [small, 1_00n, null, order.id],
      [big, 4_50n, activatesAt, order.id],
      [small, 1_00n, null, order.id],
    ],
  );
  const done = await getOrder(ctx, { accountId, id: order.id });
  assert.deepEqual([done.status, done.fulfilled, done.lines], ['completed', 3, order.lines]);
  const items = await listOrderItems(ctx, { accountId, order: done });
  assert.deepEqual(
    items.map(({ lineIndex, esims }) => [lineIndex, esims.map(({ id }) => id)]),
    [0, 1, 2].map((line) => [line, [esim.id]]),
  );
});

test('an eSIM without a bundle of its own gets those of other lines; each line of eSIMs gets its own', async () => {
  const order = await place(
    { product: plain, quantity: 2 },
    { product: small, quantity: 2 },
    { product: big, withLine: 1 },
    { product: small, withLine: 0, quantity: 2 },
    { product: big, assign: false },
  );
  assert.equal(order.quantity, 9);
  await fulfilAll(ctx);
  assert.deepEqual(await productsOf(order.id), [small, small, `${small} ${big}`, `${small} ${big}`]);
  const done = await getOrder(ctx, { accountId, id: order.id });
  const ids = (await esimsOf(order.id)).map(({ id }) => id);
  const items = await listOrderItems(ctx, { accountId, order: done });
  assert.deepEqual(
    items.map(({ esims }) => esims.map(({ id }) => id)),
    [ids.slice(0, 2), ids.slice(2), ids.slice(2), ids.slice(0, 2), []],
  );
  const [lot] = await listLots(ctx, { accountId, product: big });
  assert.deepEqual([lot?.orderId, lot?.remaining], [order.id, 1]);
});

test('the eSIM that such an order is for has its number, is listed once from the order on, and fails with it', async () => {
  const eid = '89049032000001000000000000000074';
  const list = async (more: object = {}) =>
    (await listOrderedEsims(ctx, { accountId, limit: 1_000, ...more })).map(({ id }) => id);
  const order = await place({ product: plain, eid }, { product: small, withLine: 0 });
  const id = esimIdOf(order) ?? assert.fail();
  assert.equal((await getOrderedEsim(ctx, { accountId, id })).status, 'reserving');
  assert.deepEqual(await list({ statuses: ['reserving'] }), [id]);
  assert.deepEqual(await list({ eid }), [id]);
  await cancelOrder(ctx, { accountId, id: order.id });
  assert.equal((await getOrderedEsim(ctx, { accountId, id })).status, 'failed');
  assert.deepEqual(await list({ eid, statuses: ['failed'] }), [id]);
  const made = await place({ product: plain, eid }, { product: small, withLine: 0 });
  await fulfilAll(ctx);
  assert.deepEqual(await list({ eid }), [esimIdOf(made), id]);
});

test('orders of more than one new eSIM, and those with other things besides, stand for no eSIM', async () => {
  const twice = await place({ product: plain, quantity: 2 }, { product: small, withLine: 0 });
  const withLot = await place({ product: plain }, { product: small, assign: false });
  const twoLines = await place({ product: plain }, { product: plain }, { product: small, withLine: 1 });
  assert.deepEqual([twice, withLot, twoLines].map(esimIdOf), [null, null, null]);
  const listed = (await listOrderedEsims(ctx, { accountId, statuses: ['reserving'] })).map(({ id }) => id);
  assert.deepEqual(listed, []);
  for (const { id } of [twice, withLot, twoLines])
    await assert.rejects(getOrderedEsim(ctx, { accountId, id: id.replace('ord', 'esm') }), {
      code: 'not_found',
    });
  await fulfilAll(ctx);
});

const refusals: [name: string, lines: OrderLineInput[], field: string][] = [
  ['itself', [{ product: small, withLine: 0 }], 'lines[0].withLine'],
  ['no line', [{ product: plain }, { product: small, withLine: 2 }], 'lines[1].withLine'],
  ['a line behind it', [{ product: small, withLine: 1 }, { product: plain }], 'lines[0].withLine'],
  ['a fraction', [{ product: plain }, { product: small, withLine: 0.5 }], 'lines[1].withLine'],
  ['less than none', [{ product: plain }, { product: small, withLine: -1 }], 'lines[1].withLine'],
  [
    'a line that goes with another',
    [{ product: plain }, { product: small, withLine: 0 }, { product: small, withLine: 1 }],
    'lines[2].withLine',
  ],
  [
    'a line of unassigned bundles',
    [
      { product: small, assign: false },
      { product: small, withLine: 0 },
    ],
    'lines[1].withLine',
  ],
  [
    'another quantity',
    [
      { product: plain, quantity: 2 },
      { product: small, withLine: 0, quantity: 1 },
    ],
    'lines[1].quantity',
  ],
  ['what is no bundle', [{ product: plain }, { product: plain, withLine: 0 }], 'lines[1].product'],
  ['eSIMs of its own', [{ product: plain }, { product: small, withLine: 0, esims: ['x'] }], 'lines[1].esims'],
  [
    'a confirmation code of its own',
    [{ product: plain }, { product: small, withLine: 0, confirmationCode: '1234' }],
    'lines[1].withLine',
  ],
  [
    'a branding of its own',
    [{ product: plain }, { product: small, withLine: 0, branding: null }],
    'lines[1].withLine',
  ],
  [
    'the inventory as its place',
    [{ product: plain }, { product: small, withLine: 0, assign: false }],
    'lines[1].assign',
  ],
];
for (const [name, lines, field] of refusals)
  test(`a line that goes with ${name} is refused by ${field}`, async () => {
    await assert.rejects(quoteOrder(ctx, { ...of, lines }), (error: never) => {
      const { code, fields } = error as { code: string; fields: { field: string }[] };
      assert.deepEqual([code, fields[0]?.field], ['invalid_request', field]);
      return true;
    });
  });

test('it cannot go with eSIMs that are topped up', async () => {
  const { id } = await place({ product: plain });
  await fulfilAll(ctx);
  const [esim = assert.fail()] = await esimsOf(id);
  const lines = [
    { product: small, esims: [esim.id] },
    { product: small, withLine: 0 },
  ];
  await assert.rejects(quoteOrder(ctx, { ...of, lines }), { code: 'invalid_request' });
});

test('the same key with another withLine is another order', async () => {
  const input = (withLine: number) => ({
    ...of,
    idempotencyKey: 'with',
    lines: [{ product: plain }, { product: plain }, { product: small, withLine }],
  });
  const first = await placeOrder(ctx, input(1));
  assert.equal((await placeOrder(ctx, input(1))).id, first.id);
  await assert.rejects(placeOrder(ctx, input(0)), { code: 'idempotency_key_reused' });
  await cancelOrder(ctx, { accountId, id: first.id });
});

test('volumes count each bundle of the eSIMs, and come off again with the order', async () => {
  const shop = await openShop(ctx, { name: 'by volume', stock: 0 });
  const prices = [1, 5].map((fromQuantity) => ({
    product: small,
    currency: 'EUR',
    fromQuantity,
    amountMinor: BigInt(100 - fromQuantity),
  }));
  await write(ctx, {}, (tx) => putPriceList(tx, { name: 'tiers', prices }));
  await write(ctx, {}, (tx) => assignPriceList(tx, { accountId: shop.id, priceList: 'tiers' }));
  const input = {
    accountId: shop.id,
    currency: 'EUR',
    lines: [
      { product: small, quantity: 3 },
      { product: small, withLine: 0 },
    ],
  };
  const volume = async () =>
    (
      await query<{ ordered: bigint }>(ctx.db, 'select ordered from orders.volumes where account_id = $1', [
        shop.id,
      ])
    )[0]?.ordered;
  const order = await placeOrder(ctx, input);
  assert.deepEqual(
    order.lines.map(({ unitPriceMinor }) => unitPriceMinor),
    [99n, 95n],
  );
  assert.equal(await volume(), 6n);
  await cancelOrder(ctx, { accountId: shop.id, id: order.id });
  assert.equal(await volume(), 0n);
});

test('bundles of the inventory come onto new eSIMs, and go back when the order is cancelled or fails', async () => {
  const shop = await openShop(ctx, { name: 'inventory', stock: 0 });
  const mine = { accountId: shop.id, currency: 'EUR' };
  await placeOrder(ctx, { ...mine, lines: [{ product: big, quantity: 3, assign: false }] });
  await fulfilAll(ctx);
  const left = async () => (await listLots(ctx, { accountId: shop.id }))[0]?.remaining;
  const lines = [
    { product: plain, quantity: 2 },
    { product: big, withLine: 0, fromInventory: true },
  ];
  const cancelled = await placeOrder(ctx, { ...mine, lines });
  assert.deepEqual([cancelled.totalMinor, await left()], [5_20n, 1]);
  await cancelOrder(ctx, { accountId: shop.id, id: cancelled.id });
  assert.equal(await left(), 3);
  const spoilt = await placeOrder(ctx, { ...mine, lines });
  await spoil(spoilt.id);
  await fulfilAll(ctx);
  assert.equal((await getOrder(ctx, { ...mine, id: spoilt.id })).status, 'failed');
  assert.equal(await left(), 3);
  const order = await placeOrder(ctx, { ...mine, lines });
  await fulfilAll(ctx);
  assert.deepEqual(await productsOf(order.id), [big, big]);
  const [esim = assert.fail()] = await listEsimsOfOrder(ctx, { ...mine, orderId: order.id, limit: 1 });
  const [bundle] = await listBundles(ctx, { accountId: shop.id, esimId: esim.id });
  assert.equal(bundle?.price?.amountMinor, 4_50n, 'what was paid for it then');
});

test('a bundle that came with an eSIM is revoked for what was paid for it, and no other is touched', async () => {
  const { id } = await place({ product: small }, { product: big, withLine: 0 });
  await fulfilAll(ctx);
  const [esim = assert.fail()] = await esimsOf(id);
  const bundles = await listBundles(ctx, { accountId, esimId: esim.id });
  const bundleId = bundles.find(({ productName }) => productName === big)?.id ?? assert.fail();
  const before = await getWallet(ctx, of);
  await write(ctx, {}, (tx) => revokeBundle(tx, { accountId, bundleId, refundTo: 'balance' }));
  const after = await getWallet(ctx, of);
  assert.equal(after.availableMinor - before.availableMinor, 4_50n);
  assert.deepEqual(await productsOf(id), [small]);
});

/** What the vault sealed for the order is no longer what it was: it can never be fulfilled. */
const spoil = (id: string) =>
  query(
    ctx.db,
    `update orders.orders set lines = jsonb_set(lines, '{0,sealedConfirmationCode}', '"AAAA"') where id = $1`,
    [id],
  );
const step = (at = ctx) => fulfilOrders(at, { smdpAddress: 'smdp.example.com' });

test('a large order is done in slices that never tell an eSIM apart from its bundles, by two nodes and the second after the first', async () => {
  const lines: OrderLineInput[] = [
    { product: plain, quantity: 70 },
    ...Array.from({ length: 3 }, () => ({ product: small, withLine: 0 })),
    { product: big, assign: false, quantity: 30 },
  ];
  const order = await place(...lines);
  assert.equal(order.quantity, 310);
  const steps: number[] = [];
  for (let round = 0; (await statusOf(order)) !== 'completed' && round < 10; round++) {
    await step(round % 2 === 0 ? ctx : otherNode);
    steps.push((await getOrder(ctx, { accountId, id: order.id })).fulfilled);
    const made = await productsOf(order.id);
    assert.deepEqual(new Set(made), made.length === 0 ? new Set() : new Set([`${small} ${small} ${small}`]));
  }
  assert.deepEqual(steps, [0, 100, 200, 300, 310]);
  assert.equal((await productsOf(order.id)).length, 70);
});

test('slices that would end between an eSIM and its bundles end before it', async () => {
  const order = await place(
    { product: plain, quantity: 30 },
    ...Array.from({ length: 6 }, () => ({ product: small, withLine: 0 })),
  );
  await step();
  await step();
  assert.equal((await getOrder(ctx, { accountId, id: order.id })).fulfilled, 98);
  await Promise.all([fulfilAll(ctx), fulfilAll(otherNode)]);
  await fulfilAll(ctx);
  const made = await productsOf(order.id);
  assert.deepEqual([made.length, new Set(made).size, made[0]?.split(' ').length], [30, 1, 6]);
});

test('one eSIM with as many bundles as an order has lines for is done', async () => {
  const order = await place(
    { product: plain, quantity: 2 },
    ...Array.from({ length: 99 }, () => ({ product: small, withLine: 0 })),
  );
  await fulfilAll(ctx);
  assert.equal(await statusOf(order), 'completed');
  assert.deepEqual(
    (await productsOf(order.id)).map((each) => each.split(' ').length),
    [99, 99],
  );
});

test('one that fails in the middle keeps no eSIM, bundle, stock or money', async () => {
  const before = [await getWallet(ctx, of), await available()];
  const order = await place(
    { product: plain, quantity: 120, confirmationCode: '1234' },
    { product: big, withLine: 0 },
  );
  await step();
  await step();
  assert.equal((await getOrder(ctx, { accountId, id: order.id })).fulfilled, 100);
  await spoil(order.id);
  await fulfilAll(ctx);
  assert.equal(await statusOf(order), 'failed');
  const [row] = await query(
    ctx.db,
    `select (select count(*) from esims.esims where order_id = $1) as esims,
      (select count(*) from esims.esims where order_id = $1 and state <> 'failed') as usable,
      (select count(*) from bundles.bundles where order_id = $1) as bundles,
      (select count(*) from bundles.bundles where order_id = $1 and state <> 'revoked') as open,
      (select count(*) from inventory.sim_profiles where state = 'reserved') as reserved`,
    [order.id],
  );
  assert.deepEqual(row, { esims: 50n, usable: 0n, bundles: 50n, open: 0n, reserved: 0n });
  assert.deepEqual([await getWallet(ctx, of), (await available()) ?? 0], [before[0], Number(before[1]) - 50]);
});

test('small ones are done together with others, on two nodes at once, each eSIM with its own bundles', async () => {
  const orders = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      place({ product: plain }, ...(index % 2 ? [{ product: small, withLine: 0 }] : []), {
        product: big,
        withLine: 0,
      }),
    ),
  );
  await Promise.all([fulfilAll(ctx), fulfilAll(otherNode)]);
  await fulfilAll(ctx);
  for (const [index, { id }] of orders.entries())
    assert.deepEqual(await productsOf(id), [index % 2 ? `${small} ${big}` : big]);
});

test('one that there is no stock for fails whole', async () => {
  await addToStock(ctx, accountId, 1, 'other-usim');
  const lines = [
    { product: 'other_1GB', quantity: 2 },
    { product: small, withLine: 0 },
  ];
  await assert.rejects(quoteOrder(ctx, { ...of, lines }), { code: 'stock_empty' });
  const before = await getWallet(ctx, of);
  const order = await placeOrder(ctx, { ...of, lines, whenStockIsEmpty: 'fail' });
  await fulfilAll(ctx);
  const { status, failure } = await getOrder(ctx, { accountId, id: order.id });
  assert.deepEqual([status, failure?.code], ['failed', 'stock_empty']);
  assert.deepEqual(await getWallet(ctx, of), before);
});
