import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { currentCatalogue, putProducts } from '../catalogue/index.ts';
import { listStockLevels } from '../inventory/index.ts';
import { getWallet } from '../ledger/index.ts';
import { fulfilOrders } from './fulfil_orders.ts';
import { getOrder, placeOrder } from './index.ts';
import { fulfilAll, openShop, shopProducts } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const { id: accountId } = await openShop(ctx, { balanceMinor: 1_000_00n, stock: 300 });
const of = { accountId, currency: 'EUR' };
const place = (quantity: number, product = 'esim_1GB_7D_NL_V2') =>
  placeOrder(ctx, { ...of, lines: [{ product, quantity, confirmationCode: '1234' }] });
const available = async () =>
  (await listStockLevels(ctx)).find((each) => each.profileType === 'test-usim')?.available;
/** What the vault sealed for the order is no longer what it was: it can never be fulfilled. */
const spoil = (id: string) =>
  query(
    ctx.db,
    `update orders.orders set lines = jsonb_set(lines, '{0,sealedConfirmationCode}', '"AAAA"') where id = $1`,
    [id],
  );

test('an order that cannot be fulfilled fails alone, costs nothing and holds no stock; its neighbours complete', async () => {
  const [first, spoilt, last] = [await place(1), await place(2), await place(1)];
  await spoil(spoilt.id);
  const stock = (await available()) ?? 0;
  await fulfilAll(ctx);
  const statusOf = async ({ id }: { id: string }) => (await getOrder(ctx, { accountId, id })).status;
  assert.deepEqual(
    [await statusOf(first), await statusOf(spoilt), await statusOf(last)],
    ['completed', 'failed', 'completed'],
  );
  assert.equal((await getOrder(ctx, { accountId, id: spoilt.id })).failure?.code, 'internal');
  assert.equal(await available(), stock - 2);
  const { heldMinor, spentMinor } = await getWallet(ctx, of);
  assert.deepEqual([heldMinor, spentMinor], [0n, 2_00n]);
});

test('a large order that fails in the middle leaves no eSIM to install, no reserved stock, and costs nothing', async () => {
  const before = await getWallet(ctx, of);
  const { id } = await place(150);
  for (let rounds = 0; rounds < 2; rounds++) await fulfilOrders(ctx, { smdpAddress: 'smdp.example.com' });
  assert.equal((await getOrder(ctx, { accountId, id })).fulfilled, 100);
  await spoil(id);
  await fulfilAll(ctx);
  const order = await getOrder(ctx, { accountId, id });
  assert.deepEqual([order.status, order.fulfilled], ['failed', 0]);
  assert.deepEqual(await getWallet(ctx, of), before);
  const [row] = await query<{ usable: bigint; reserved: bigint; made: bigint }>(
    ctx.db,
    `select (select count(*) from esims.esims e where e.order_id = $1) as made,
      (select count(*) from esims.esims e join smdp.profiles p using (iccid)
        where e.order_id = $1 and (e.state <> 'failed' or p.state <> 'unavailable')) as usable,
      (select count(*) from inventory.sim_profiles where state = 'reserved') as reserved`,
    [id],
  );
  assert.deepEqual(row, { made: 100n, usable: 0n, reserved: 0n });
});

test('a node fulfils an order for a product that was added on another node since it last read the catalogue', async () => {
  const otherNode = testCtx(database);
  await currentCatalogue(otherNode);
  const [bundle = assert.fail()] = shopProducts;
  await putProducts(ctx, [{ ...bundle, name: 'brand_new' }]);
  const { id } = await place(1, 'brand_new');
  await fulfilAll(otherNode);
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'completed');
});
