import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { getRevocation, listBundles } from '../bundles/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { listEvents } from '../events/index.ts';
import { getWallet } from '../ledger/index.ts';
import {
  applyBundles,
  getOrder,
  listLots,
  lotsDueWork,
  placeOrder,
  quoteOrder,
  refundLot,
  revokeBundle,
} from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const product = 'esim_1GB_7D_NL_V2';
const later = (days: number) => ({ ...ctx, now: new Date(ctx.now.getTime() + days * 86_400_000) });
let shops = 0;

async function shop() {
  const account = await openShop(ctx, { name: `shop ${++shops}`, stock: 5 });
  const of = { accountId: account.id, currency: 'EUR' };
  const lines = (quantity: number, more: object = {}) => [{ product, quantity, ...more }];
  const buy = async (quantity: number, more: object = { assign: false }, at = ctx) => {
    const { id } = await placeOrder(at, { ...of, lines: lines(quantity, more) });
    await fulfilAll(at);
    return await getOrder(ctx, { accountId: of.accountId, id });
  };
  const esims = async (count: number) => {
    const { id } = await buy(count, {});
    const found = await listEsimsOfOrder(ctx, { accountId: of.accountId, orderId: id, limit: count });
    return found.map((esim) => esim.id);
  };
  const apply = (keys: string[], more: object = {}) =>
    write(ctx, {}, (tx) => applyBundles(tx, { accountId: of.accountId, product, esims: keys, ...more }));
  const lots = async (more: object = {}) => await listLots(ctx, { accountId: of.accountId, ...more });
  const wallet = () => getWallet(ctx, of);
  const told = async () =>
    (await listEvents(ctx, { accountId: of.accountId, limit: 200 })).events
      .map(({ type }) => type)
      .filter((type) => type.startsWith('bundle'));
  return { ...of, lines, buy, esims, apply, lots, wallet, told };
}

test('unassigned bundles are bought into the inventory: no eSIM is made, no stock taken, the order is complete', async () => {
  const { accountId, buy, lots, wallet, told } = await shop();
  const order = await buy(7);
  assert.deepEqual([order.status, order.fulfilled, order.quantity], ['completed', 7, 7]);
  assert.deepEqual(await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 5 }), []);
  const [lot, ...more] = await lots();
  assert.deepEqual([lot?.product, lot?.total, lot?.remaining, more.length], [product, 7, 7, 0]);
  assert.deepEqual(lot?.expiresAt, later(365).now);
  assert.equal((await wallet()).spentMinor, 7_00n);
  assert.deepEqual(await told(), ['bundle_lot.added']);
});

test('a large order of unassigned bundles is complete after all its slices, in one lot', async () => {
  const { lines, accountId, currency, lots, buy } = await shop();
  const quote = await quoteOrder(ctx, { accountId, currency, lines: lines(10_000, { assign: false }) });
  assert.equal(quote.quantity, 10_000, 'more than there is in stock');
  const large = await openShop(ctx, { name: 'large', stock: 0, balanceMinor: 1_000_00n });
  const { id } = await placeOrder(ctx, {
    accountId: large.id,
    currency,
    lines: [...lines(150, { assign: false }), ...lines(2, { assign: false })],
  });
  await fulfilAll(ctx);
  const order = await getOrder(ctx, { accountId: large.id, id });
  assert.deepEqual([order.status, order.fulfilled], ['completed', 152]);
  const made = await listLots(ctx, { accountId: large.id });
  assert.deepEqual(made.map(({ total }) => total).sort(), [150, 2]);
  assert.deepEqual([await lots(), (await buy(1)).status], [[], 'completed']);
});

test('bundles of the inventory come onto eSIMs, those that expire first being taken first, with what was paid', async () => {
  const { accountId, buy, esims, apply, lots } = await shop();
  const second = await buy(2, { assign: false }, later(1));
  const first = await buy(1);
  const keys = await esims(2);
  const applied = await apply(keys);
  assert.deepEqual(
    applied.map(({ esimId, orderId, price }) => [esimId, orderId, price?.amountMinor]),
    [
      [keys[0], first.id, 1_00n],
      [keys[1], second.id, 1_00n],
    ],
  );
  assert.deepEqual((await lots({ all: true })).map(({ remaining }) => remaining).sort(), [0, 1]);
  assert.equal((await lots()).length, 1);
  assert.equal((await listBundles(ctx, { accountId, esimId: keys[0] ?? '' })).length, 2);
});

test('more than the inventory has are refused whole, however many ask at once', async () => {
  const { buy, esims, apply, lots } = await shop();
  await buy(3);
  const [esim = ''] = await esims(1);
  const answers = await Promise.allSettled(Array.from({ length: 4 }, () => apply([esim, esim])));
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await lots())[0]?.remaining, 1);
  await assert.rejects(apply([esim, esim]), { code: 'conflict' });
});

test('what cannot be applied is refused by name', async () => {
  const { buy, esims, apply } = await shop();
  const other = await shop();
  await buy(1);
  const [esim = ''] = await esims(1);
  const [theirs = ''] = await other.esims(1);
  await assert.rejects(apply([theirs]), { code: 'not_found' });
  await assert.rejects(apply([esim], { product: 'nothing' }), { code: 'unknown_product' });
  await assert.rejects(apply([esim], { product: 'esim_profile' }), { code: 'bundle_not_compatible' });
  await assert.rejects(apply([]), { code: 'invalid_request' });
  await assert.rejects(apply([esim], { activatesAt: later(-1).now }), { code: 'invalid_request' });
  await assert.rejects(other.apply([theirs]), { code: 'conflict' });
});

test('unassigned bundles are given back for their price, never more than there are, and not after their time', async () => {
  const { accountId, buy, lots, wallet } = await shop();
  await buy(3);
  const [lot] = await lots();
  const give = (quantity: number, at = ctx) =>
    write(at, {}, (tx) => refundLot(tx, { accountId, lotId: lot?.id ?? '', quantity }));
  const answers = await Promise.allSettled([give(2), give(2)]);
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.deepEqual([(await wallet()).availableMinor, (await wallet()).spentMinor], [99_00n, 1_00n]);
  await assert.rejects(give(0), { code: 'invalid_request' });
  await assert.rejects(give(1, later(61)), { code: 'conflict' });
  const other = await shop();
  await assert.rejects(
    write(ctx, {}, (tx) => refundLot(tx, { accountId: other.accountId, lotId: lot?.id ?? '', quantity: 1 })),
    { code: 'not_found' },
  );
});

test('a bundle revoked into the inventory is there to be applied again, and no longer than before', async () => {
  const { accountId, esims, apply, lots, told } = await shop();
  const [esim = ''] = await esims(1);
  const [bundle] = await listBundles(ctx, { accountId, esimId: esim });
  const key = { accountId, bundleId: bundle?.id ?? '' };
  await write(later(10), {}, (tx) => revokeBundle(tx, { ...key, refundTo: 'inventory' }));
  const [lot] = await lots();
  assert.deepEqual(
    [lot?.remaining, lot?.unitPrice?.amountMinor, lot?.expiresAt, lot?.refundableUntil],
    [1, 1_00n, bundle?.lapsesAt, bundle?.refundableUntil],
  );
  const [again] = await apply([esim]);
  assert.deepEqual(again?.refundableUntil, bundle?.refundableUntil);
  assert.deepEqual(await told(), [
    'bundle.assigned',
    'bundle.revoked',
    'bundle_lot.added',
    'bundle.assigned',
  ]);
  await assert.rejects(
    write(ctx, {}, (tx) => revokeBundle(tx, { ...key, refundTo: 'balance' })),
    { code: 'conflict' },
  );
});

test('the books are right after buying, applying, revoking and giving back', async () => {
  const { accountId, buy, esims, apply, wallet, lots } = await shop();
  await buy(2);
  const [esim = ''] = await esims(1);
  const [applied] = await apply([esim]);
  const key = { accountId, bundleId: applied?.id ?? '' };
  assert.equal((await getRevocation(ctx, key)).revocable, true);
  await write(ctx, {}, (tx) => revokeBundle(tx, { ...key, refundTo: 'balance' }));
  const [lot] = await lots();
  await write(ctx, {}, (tx) => refundLot(tx, { accountId, lotId: lot?.id ?? '', quantity: 1 }));
  const { fundedMinor, availableMinor, heldMinor, spentMinor } = await wallet();
  assert.deepEqual(
    [fundedMinor, availableMinor, heldMinor, spentMinor],
    [100_00n, 99_00n, 0n, 1_00n],
    'only the first bundle on the eSIM stays paid',
  );
});

test('what is left in a lot expires at its time, is told, and cannot be applied', async () => {
  const { accountId, buy, esims, lots, told } = await shop();
  await buy(2);
  const [esim = ''] = await esims(1);
  const at = (days: number) => ({ ...later(days) });
  assert.deepEqual(await lotsDueWork.nextDueAt(ctx, accountId), at(365).now);
  assert.equal(await lotsDueWork.runDue(at(364), accountId), 0);
  const expired = await Promise.all([1, 2, 3].map(() => lotsDueWork.runDue(at(365), accountId)));
  assert.equal(
    expired.reduce((sum, count) => sum + count, 0),
    1,
  );
  assert.equal((await told()).filter((type) => type === 'bundle_lot.expired').length, 1);
  assert.equal((await lots({ all: true }))[0]?.remaining, 2);
  await assert.rejects(
    write(at(365), {}, (tx) => applyBundles(tx, { accountId, product, esims: [esim] })),
    { code: 'conflict' },
  );
});

test('bundles ordered with an activation date have it', async () => {
  const { accountId, buy } = await shop();
  const activatesAt = later(30).now;
  const order = await buy(1, { activatesAt });
  assert.deepEqual(order.lines[0]?.activatesAt, activatesAt);
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 1 });
  const [bundle] = await listBundles(ctx, { accountId, esimId: esim?.id ?? '' });
  assert.deepEqual(bundle?.activatesAt, activatesAt);
});

const lineFaults: [string, object, string][] = [
  ['an eSIM without a bundle cannot stay unassigned', { product: 'esim_profile', assign: false }, 'assign'],
  ['unassigned bundles have no EID', { assign: false, eid: '89049032123451234512345678901235' }, 'assign'],
  ['unassigned bundles are for no eSIMs', { assign: false, esims: ['esm_1'] }, 'assign'],
  ['unassigned bundles are not activated yet', { assign: false, activatesAt: later(1).now }, 'assign'],
  [
    'an eSIM without a bundle is not activated',
    { product: 'esim_profile', activatesAt: later(1).now },
    'activatesAt',
  ],
  ['nothing starts in the past', { activatesAt: later(-1).now }, 'activatesAt'],
  ['nothing starts more than a year ahead', { activatesAt: later(367).now }, 'activatesAt'],
];
for (const [name, line, field] of lineFaults) {
  test(`${name}: refused by name`, async () => {
    const { accountId, currency } = await shop();
    await assert.rejects(
      quoteOrder(ctx, { accountId, currency, lines: [{ product, ...line }] }),
      (error: any) => error.code === 'invalid_request' && error.fields[0].field === `lines[0].${field}`,
    );
  });
}

test('an order that is repeated with another activation date is another order', async () => {
  const { accountId, currency, lines } = await shop();
  const place = (more: object) =>
    placeOrder(ctx, { accountId, currency, lines: lines(1, more), idempotencyKey: 'once' });
  const { id } = await place({ activatesAt: later(1).now });
  assert.equal((await place({ activatesAt: later(1).now })).id, id);
  await assert.rejects(place({ activatesAt: later(2).now }), { code: 'idempotency_key_reused' });
});
