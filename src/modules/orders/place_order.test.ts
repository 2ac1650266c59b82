import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { listBundles } from '../bundles/index.ts';
import { putProducts } from '../catalogue/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { listEvents } from '../events/index.ts';
import { getWallet } from '../ledger/index.ts';
import { cancelOrder, getOrder, listOrders, placeOrder, quoteOrder } from './index.ts';
import { addToStock, fulfilAll, openShop, shopProducts } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
let shops = 0;

async function shop(options: Parameters<typeof openShop>[1] = {}) {
  const account = await openShop(ctx, { name: `shop ${++shops}`, ...options });
  const of = { accountId: account.id, currency: 'EUR' };
  return {
    ...of,
    of,
    order: (more: object = {}) => ({ ...of, lines: [{ product: 'esim_1GB_7D_NL_V2' }], ...more }),
  };
}

test('a quote tells the exact total and changes nothing', async () => {
  const { of, order } = await shop();
  const quote = await quoteOrder(
    ctx,
    order({ lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 3 }, { product: 'esim_5GB_30D_NL_V2' }] }),
  );
  assert.equal(quote.totalMinor, 7_50n);
  assert.equal(quote.quantity, 4);
  assert.equal((await getWallet(ctx, of)).availableMinor, 100_00n);
});

test('an accepted order has its money held, a completed one has it spent, and its eSIM is there with the bundle queued', async () => {
  const { accountId, of, order } = await shop();
  const placed = await placeOrder(ctx, order({ reference: 'my-1' }));
  assert.equal(placed.status, 'accepted');
  assert.deepEqual(await getWallet(ctx, of), {
    currency: 'EUR',
    fundedMinor: 100_00n,
    availableMinor: 99_00n,
    heldMinor: 1_00n,
    spentMinor: 0n,
  });
  await fulfilAll(ctx);
  const done = await getOrder(ctx, { accountId, id: placed.id });
  assert.equal(done.status, 'completed');
  assert.deepEqual(await getWallet(ctx, of), {
    currency: 'EUR',
    fundedMinor: 100_00n,
    availableMinor: 99_00n,
    heldMinor: 0n,
    spentMinor: 1_00n,
  });
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: placed.id, limit: 10 });
  assert.equal(esim?.state, 'available');
  assert.match(esim?.matchingId ?? '', /^[2-9A-Z]{5}(-[2-9A-Z]{5}){3}$/);
  const [bundle] = await listBundles(ctx, { accountId, esimId: esim?.id ?? '' });
  assert.equal(bundle?.state, 'queued');
  assert.deepEqual(bundle?.allowances, { data: { initial: 1_000_000_000n, used: 0n, told: 0 } });
  assert.deepEqual(bundle?.price, { amountMinor: 1_00n, currency: 'EUR' });
  const { events } = await listEvents(ctx, { accountId });
  assert.deepEqual(
    events.map((event) => event.type).filter((type) => /^(order|esim|bundle)\./.test(type)),
    ['order.accepted', 'esim.reserved', 'esim.available', 'bundle.assigned', 'order.completed'],
  );
});

test('every refusal names its code and changes nothing', async (t) => {
  const { accountId, of, order } = await shop({ balanceMinor: 3_00n });
  const { accountId: other, order: otherOrder } = await shop();
  const theirs = await placeOrder(ctx, otherOrder());
  await fulfilAll(ctx);
  const [theirEsim] = await listEsimsOfOrder(ctx, { accountId: other, orderId: theirs.id, limit: 1 });
  const eid = '89049032123451234512345678901235';
  const cases: [string, object, string][] = [
    ['unknown product', { lines: [{ product: 'nope' }] }, 'unknown_product'],
    ['wrongly cased product', { lines: [{ product: 'ESIM_1GB_7D_NL_V2' }] }, 'unknown_product'],
    ['currency without a price', { currency: 'JPY' }, 'currency_mismatch'],
    [
      'expected in another currency',
      { expected: { totalMinor: 100n, currency: 'USD' } },
      'currency_mismatch',
    ],
    ['expected another total', { expected: { totalMinor: 99n, currency: 'EUR' } }, 'price_changed'],
    ['balance too low', { lines: [{ product: 'esim_5GB_30D_NL_V2' }] }, 'insufficient_funds'],
    ['more than is in stock', { lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 9_999 }] }, 'stock_empty'],
    [
      'more than an order may have',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 10_001 }] },
      'invalid_request',
    ],
    ['no lines', { lines: [] }, 'invalid_request'],
    ['quantity 0', { lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 0 }] }, 'invalid_request'],
    ['quantity 1.5', { lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 1.5 }] }, 'invalid_request'],
    [
      'malformed EID',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', eid: '89049032123451234512345678901234' }] },
      'invalid_request',
    ],
    [
      'two eSIMs for one EID',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', eid, quantity: 2 }] },
      'invalid_request',
    ],
    [
      'default SM-DP+ without an EID',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', delivery: 'default_smdp' }] },
      'invalid_request',
    ],
    [
      'confirmation code of letters',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', confirmationCode: 'abcd' }] },
      'invalid_request',
    ],
    [
      'unknown eSIM to top up',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', esims: ['esm_00000000000000000000000000000000'] }] },
      'not_found',
    ],
    [
      'an eSIM of another account',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', esims: [theirEsim?.id] }] },
      'not_found',
    ],
    [
      'an ICCID of another account',
      { lines: [{ product: 'esim_1GB_7D_NL_V2', esims: [theirEsim?.iccid] }] },
      'not_found',
    ],
    ['no eSIM to top up', { lines: [{ product: 'esim_1GB_7D_NL_V2', esims: [] }] }, 'invalid_request'],
  ];
  for (const [name, more, code] of cases) {
    await t.test(name, async () => assert.rejects(placeOrder(ctx, order(more) as never), { code }));
  }
  assert.equal((await getWallet(ctx, of)).availableMinor, 3_00n);
  assert.deepEqual(await listOrders(ctx, { accountId }), []);
});

test('the same Idempotency-Key gives the same order however often and at once it comes, and is charged once', async () => {
  const { of, order } = await shop();
  const input = order({ idempotencyKey: 'k-1' });
  const placed = await Promise.all(Array.from({ length: 20 }, () => placeOrder(ctx, input)));
  assert.equal(new Set(placed.map((each) => each.id)).size, 1);
  assert.equal((await getWallet(ctx, of)).heldMinor, 1_00n);
  await fulfilAll(ctx);
  assert.equal((await placeOrder(ctx, input)).status, 'completed');
});

test('an Idempotency-Key with another body is refused, also when only the confirmation code differs', async () => {
  const { order } = await shop();
  const withCode = (confirmationCode: string) =>
    order({ idempotencyKey: 'k', lines: [{ product: 'esim_1GB_7D_NL_V2', confirmationCode }] });
  await placeOrder(ctx, withCode('1234'));
  await assert.rejects(placeOrder(ctx, withCode('1235')), { code: 'idempotency_key_reused' });
  await assert.rejects(placeOrder(ctx, order({ idempotencyKey: 'k' })), { code: 'idempotency_key_reused' });
  await placeOrder(ctx, withCode('1234'));
});

test('a repetition is answered though it would be refused by now', async () => {
  const { order } = await shop({ balanceMinor: 1_00n });
  const first = await placeOrder(ctx, order({ idempotencyKey: 'k' }));
  assert.equal((await placeOrder(ctx, order({ idempotencyKey: 'k' }))).id, first.id);
  await assert.rejects(placeOrder(ctx, order()), { code: 'insufficient_funds' });
});

test('orders at once spend a balance to the last cent and no further, and an expensive one does not fail a cheap one behind it', async () => {
  const { of, order } = await shop({ balanceMinor: 10_00n, stock: 40 });
  const dear = order({ lines: [{ product: 'esim_5GB_30D_NL_V2' }] });
  const accepted = async (inputs: (typeof dear)[]) =>
    (await Promise.allSettled(inputs.map((input) => placeOrder(ctx, input)))).filter(
      (result) => result.status === 'fulfilled',
    ).length;
  assert.equal(await accepted([dear, dear, dear, dear]), 2);
  assert.equal(await accepted([dear, order(), dear, ...Array.from({ length: 10 }, () => order())]), 1);
  assert.equal((await getWallet(ctx, of)).availableMinor, 0n);
});

test('of many orders for the last SIM profiles exactly as many complete as there are, and the others cost nothing', async () => {
  const { accountId, of } = await shop({ stock: 0 });
  await addToStock(ctx, accountId, 3, 'other-usim');
  const input = { ...of, lines: [{ product: 'other_1GB' }] };
  const placed = (await Promise.allSettled(Array.from({ length: 10 }, () => placeOrder(ctx, input)))).filter(
    (each) => each.status === 'fulfilled',
  );
  await fulfilAll(ctx);
  const orders = await listOrders(ctx, { accountId });
  assert.equal(orders.length, placed.length);
  assert.equal(orders.filter((order) => order.status === 'completed').length, 3);
  assert.ok(
    orders
      .filter((order) => order.status !== 'completed')
      .every((order) => order.failure?.code === 'stock_empty'),
  );
  assert.deepEqual(await getWallet(ctx, of), {
    currency: 'EUR',
    fundedMinor: 100_00n,
    availableMinor: 97_00n,
    heldMinor: 0n,
    spentMinor: 3_00n,
  });
  await assert.rejects(placeOrder(ctx, input), { code: 'stock_empty' });
});

test('an order priced from a catalogue that changed meanwhile is priced anew', async () => {
  const { of, order } = await shop();
  await quoteOrder(ctx, order());
  // Behind the back of this process, as another node would do it.
  await query(ctx.db, 'update catalogue.revision set revision = revision + 1');
  await query(
    ctx.db,
    "update catalogue.prices set amount_minor = 150 where currency = 'EUR' and product_id = (select id from catalogue.products where name = 'esim_1GB_7D_NL_V2')",
  );
  const placed = await placeOrder(ctx, order());
  assert.equal(placed.totalMinor, 1_50n);
  assert.equal((await getWallet(ctx, of)).heldMinor, 1_50n);
  await putProducts(ctx, shopProducts);
});

test('a cancelled order returns its money once, however often it is cancelled, and is never fulfilled', async () => {
  const { accountId, of, order } = await shop();
  const { id } = await placeOrder(ctx, order());
  const cancelled = await Promise.all(Array.from({ length: 5 }, () => cancelOrder(ctx, { accountId, id })));
  assert.ok(cancelled.every((each) => each.status === 'cancelled'));
  await fulfilAll(ctx);
  assert.deepEqual(await getWallet(ctx, of), {
    currency: 'EUR',
    fundedMinor: 100_00n,
    availableMinor: 100_00n,
    heldMinor: 0n,
    spentMinor: 0n,
  });
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'cancelled');
});

test('a completed order cannot be cancelled, and another account cannot see or cancel it', async () => {
  const { accountId, order } = await shop();
  const { accountId: other } = await shop();
  const { id } = await placeOrder(ctx, order());
  await fulfilAll(ctx);
  await assert.rejects(cancelOrder(ctx, { accountId, id }), { code: 'order_not_cancellable' });
  await assert.rejects(cancelOrder(ctx, { accountId: other, id }), { code: 'not_found' });
  await assert.rejects(getOrder(ctx, { accountId: other, id }), { code: 'not_found' });
});

test('a large order is made in slices and completes whole', async () => {
  const { accountId, of, order } = await shop({ balanceMinor: 1_000_00n, stock: 260 });
  const { id } = await placeOrder(ctx, order({ lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 250 }] }));
  await fulfilAll(ctx);
  const done = await getOrder(ctx, { accountId, id });
  assert.equal(done.status, 'completed');
  assert.equal(done.fulfilled, 250);
  const esims = await listEsimsOfOrder(ctx, { accountId, orderId: id, limit: 1000 });
  assert.equal(new Set(esims.map((esim) => esim.iccid)).size, 250);
  assert.equal((await getWallet(ctx, of)).spentMinor, 250_00n);
});

test('bundles for existing eSIMs are assigned to exactly those, without touching the stock', async () => {
  const { accountId, order } = await shop();
  const first = await placeOrder(ctx, order({ lines: [{ product: 'esim_profile', quantity: 2 }] }));
  await fulfilAll(ctx);
  const [one, two] = await listEsimsOfOrder(ctx, { accountId, orderId: first.id, limit: 2 });
  await placeOrder(ctx, order({ lines: [{ product: 'esim_1GB_7D_NL_V2', esims: [one?.id, two?.iccid] }] }));
  await placeOrder(ctx, order({ lines: [{ product: 'esim_5GB_30D_NL_V2', esims: [two?.id] }] }));
  await fulfilAll(ctx);
  const names = async (esimId = '') =>
    (await listBundles(ctx, { accountId, esimId })).map((bundle) => bundle.productName);
  assert.deepEqual(await names(one?.id), ['esim_1GB_7D_NL_V2']);
  assert.deepEqual(await names(two?.id), ['esim_1GB_7D_NL_V2', 'esim_5GB_30D_NL_V2']);
});

test('two nodes fulfilling at once make every eSIM once', async () => {
  const { accountId, of, order } = await shop({ balanceMinor: 1_000_00n, stock: 400 });
  const otherNode = testCtx(database);
  await Promise.all(
    Array.from({ length: 150 }, () =>
      placeOrder(ctx, order({ lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 2 }] })),
    ),
  );
  await Promise.all([fulfilAll(ctx), fulfilAll(otherNode), fulfilAll(ctx), fulfilAll(otherNode)]);
  await fulfilAll(ctx);
  const [row] = await query<{ esims: bigint; iccids: bigint; profiles: bigint }>(
    ctx.db,
    `
    select count(*) as esims, count(distinct e.iccid) as iccids, count(p.iccid) as profiles
    from esims.esims e left join smdp.profiles p on p.iccid = e.iccid where e.account_id = $1`,
    [accountId],
  );
  assert.deepEqual(row, { esims: 300n, iccids: 300n, profiles: 300n });
  assert.equal((await getWallet(ctx, of)).spentMinor, 300_00n);
});
