import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { bundlesPerEsimMax, listBundles } from '../bundles/index.ts';
import type { Esim } from '../esims/index.ts';
import { getWallet } from '../ledger/index.ts';
import { createFleet, createNetworkAccessProfile, findSims, updateSim } from '../sims/index.ts';
import { getOrder, listOrderItems, type OrderLineInput, placeOrder, quoteOrder } from './index.ts';
import { addToStock, fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const product = 'esim_1GB_7D_NL_V2';
let shops = 0;

async function shop({ stock = 20 } = {}) {
  const { id: accountId } = await openShop(ctx, { name: `shop ${++shops}`, balanceMinor: 300_00n, stock });
  const of = { accountId, currency: 'EUR' };
  const input = (lines: object[], more: object = {}) => ({
    ...of,
    lines: lines as OrderLineInput[],
    ...more,
  });
  const buy = async (...lines: object[]) => {
    const { id } = await placeOrder(ctx, input(lines));
    await fulfilAll(ctx);
    const order = await getOrder(ctx, { accountId, id });
    return { order, items: await listOrderItems(ctx, { accountId, order }) };
  };
  const esims = async (quantity: number) =>
    (await buy({ product: 'esim_profile', quantity })).items.flatMap((item) => item.esims);
  const bundlesOn = async ({ id }: Pick<Esim, 'id'>) =>
    (await listBundles(ctx, { accountId, esimId: id })).map((bundle) => bundle.productName);
  return { ...of, of, input, buy, esims, bundlesOn };
}

const end = ({ id }: Esim) => query(ctx.db, "update esims.esims set state = 'deleted' where id = $1", [id]);
const some = (esim: Esim | undefined) => esim ?? assert.fail('an eSIM');

test('eSIMs that cannot be used are replaced by new ones, in two lines of the same request line and for the same price', async () => {
  const { of, buy, esims, bundlesOn } = await shop();
  const [first, ended, last] = await esims(3);
  await end(some(ended));
  const before = await getWallet(ctx, of);
  const { order, items } = await buy(
    { product: 'esim_profile' },
    { product, esims: [first, ended, last].map((esim) => some(esim).iccid), allowReassign: true },
    { product: 'esim_5GB_30D_NL_V2', quantity: 2 },
  );
  assert.deepEqual([order.status, order.quantity, order.totalMinor], ['completed', 6, 2_60n + 3_00n + 9_00n]);
  assert.deepEqual(
    order.lines.map(({ requestLine, quantity, esimIds, totalMinor }) => [
      requestLine,
      quantity,
      esimIds,
      totalMinor,
    ]),
    [
      [0, 1, null, 2_60n],
      [1, 2, [some(first).id, some(last).id], 2_00n],
      [1, 1, null, 1_00n],
      [2, 2, null, 9_00n],
    ],
  );
  assert.deepEqual(
    items.map(({ lineIndex, esims: made }) => [lineIndex, made.length]),
    [
      [0, 1],
      [1, 2],
      [1, 1],
      [2, 2],
    ],
  );
  assert.deepEqual(
    items[1]?.esims.map(({ id }) => id),
    [some(first).id, some(last).id],
  );
  assert.deepEqual(await bundlesOn(some(items[0]?.esims[0])), []);
  assert.deepEqual(await bundlesOn(some(items[2]?.esims[0])), [product]);
  assert.deepEqual(await bundlesOn(some(items[3]?.esims[1])), ['esim_5GB_30D_NL_V2']);
  assert.deepEqual(await bundlesOn(some(ended)), []);
  const after = await getWallet(ctx, of);
  assert.equal(after.spentMinor - before.spentMinor, order.totalMinor);
});

test('where all can be used, or none, there is one line', async () => {
  const { input, esims } = await shop();
  const made = await esims(2);
  const lines = [{ product, esims: made.map(({ id }) => id), allowReassign: true }];
  const usable = await quoteOrder(ctx, input(lines));
  assert.deepEqual(
    usable.lines.map((line) => line.esimIds),
    [made.map(({ id }) => id)],
  );
  for (const esim of made) await end(esim);
  const none = await quoteOrder(ctx, input(lines));
  assert.deepEqual(
    none.lines.map((line) => [line.esimIds, line.quantity]),
    [[null, 2]],
  );
});

test('without leave to, an order for an eSIM that cannot be used is refused', async () => {
  const { input, esims } = await shop();
  const [ended] = await esims(1);
  await end(some(ended));
  for (const more of [{}, { allowReassign: false }])
    await assert.rejects(quoteOrder(ctx, input([{ product, esims: [ended?.id], ...more }])), {
      code: 'bundle_not_compatible',
    });
});

test('an eSIM whose line finds no network in the countries of the bundle is replaced', async () => {
  const { accountId, input, esims } = await shop();
  const [barred, free] = await esims(2);
  await write(ctx, {}, async (tx) => {
    const { id } = await createNetworkAccessProfile(tx, { accountId, uniqueName: 'none', networks: [] });
    const fleet = await createFleet(tx, { accountId, networkAccessProfile: id });
    const sim = (await findSims(tx, { accountId, keys: [some(barred).id] })).get(some(barred).id);
    await updateSim(tx, { accountId, key: sim?.id ?? '', fleet: fleet.id });
  });
  const lines = [{ product, esims: [some(barred).id, some(free).id], allowReassign: true }];
  const quote = await quoteOrder(ctx, input(lines));
  assert.deepEqual(
    quote.lines.map((line) => line.esimIds),
    [[some(free).id], null],
  );
});

test('an eSIM gets as many bundles as its queue has room for, and new eSIMs the others', async () => {
  const { input, esims } = await shop();
  const [esim] = await esims(1);
  const wanted = Array<string>(bundlesPerEsimMax + 3).fill(some(esim).id);
  const quote = await quoteOrder(ctx, input([{ product, esims: wanted, allowReassign: true }]));
  assert.deepEqual(
    quote.lines.map(({ quantity, esimIds }) => [quantity, esimIds?.length]),
    [
      [bundlesPerEsimMax, bundlesPerEsimMax],
      [3, undefined],
    ],
  );
});

test('new eSIMs instead of others need stock, and unknown eSIMs and what is no bundle are refused all the same', async () => {
  const { accountId, input, esims } = await shop();
  const [ended, another] = await esims(2);
  for (const esim of [ended, another]) await end(some(esim));
  await addToStock(ctx, accountId, 1, 'other-usim');
  const line = { product, esims: [ended?.id], allowReassign: true };
  const foreign = await (await shop()).esims(1);
  const cases: [object, string][] = [
    [{ ...line, product: 'other_1GB', esims: [ended?.id, another?.id] }, 'stock_empty'],
    [{ ...line, esims: [ended?.id, foreign[0]?.iccid] }, 'not_found'],
    [{ ...line, esims: ['8988247000100000001'] }, 'not_found'],
    [{ ...line, product: 'esim_profile' }, 'bundle_not_compatible'],
    [{ ...line, esims: [] }, 'invalid_request'],
    [{ ...line, quantity: 2 }, 'invalid_request'],
  ];
  for (const [wrong, code] of cases) await assert.rejects(quoteOrder(ctx, input([wrong])), { code });
});

test('the same key with and without leave to replace eSIMs is another order', async () => {
  const { input, esims } = await shop();
  const [esim] = await esims(1);
  const place = (more: object) =>
    placeOrder(ctx, input([{ product, esims: [esim?.id], ...more }], { idempotencyKey: 'k' }));
  const { id } = await place({ allowReassign: true });
  assert.equal((await place({ allowReassign: true })).id, id);
  await assert.rejects(place({}), { code: 'idempotency_key_reused' });
  await assert.rejects(place({ allowReassign: false }), { code: 'idempotency_key_reused' });
});
