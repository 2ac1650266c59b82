import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { bundlesPerEsimMax, listBundles, withdrawBundles } from '../bundles/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { applyBundles, getOrder, listLots, placeOrder, quoteOrder } from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';
import { withdrawLots } from './withdraw_lots.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await openShop(ctx, { stock: 5, balanceMinor: 1_000_00n });
const of = { accountId, currency: 'EUR' };
const product = 'esim_1GB_7D_NL_V2';

async function order(line: object): Promise<string> {
  const { id } = await placeOrder(ctx, { ...of, lines: [{ product, ...line }] });
  await fulfilAll(ctx);
  return id;
}

test('what an order put into the inventory can be taken back whole, and is applied no more', async () => {
  const orderId = await order({ quantity: 3, assign: false });
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: await order({}), limit: 1 });
  const failed = await getOrder(ctx, { accountId, id: orderId });
  await write(ctx, {}, (tx) => withdrawLots(tx, [failed]));
  assert.deepEqual(await listLots(ctx, { accountId }), []);
  await assert.rejects(
    write(ctx, {}, (tx) => applyBundles(tx, { accountId, product, esims: [esim?.id ?? ''] })),
    { code: 'conflict' },
  );
});

test('the unused bundles of an order can be taken back whole', async () => {
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: await order({}), limit: 1 });
  const topUp = await order({ esims: [esim?.id ?? ''] });
  await write(ctx, {}, (tx) => withdrawBundles(tx, topUp));
  const bundles = await listBundles(ctx, { accountId, esimId: esim?.id ?? '' });
  assert.deepEqual(
    bundles.map(({ orderId, state }) => (orderId === topUp ? state : `other ${state}`)).sort(),
    ['other queued', 'revoked'],
  );
});

test('an eSIM takes no more bundles than its queue may hold', async () => {
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: await order({}), limit: 1 });
  const topUp = (count: number) => ({ ...of, lines: [{ product, esims: Array(count).fill(esim?.id) }] });
  await assert.rejects(quoteOrder(ctx, topUp(bundlesPerEsimMax)), { code: 'bundle_not_compatible' });
  assert.equal((await quoteOrder(ctx, topUp(bundlesPerEsimMax - 1))).quantity, bundlesPerEsimMax - 1);
});
