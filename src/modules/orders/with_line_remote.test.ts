import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { settingsOf, startTestRemoteSmdp } from '../../outgoing/test_remote_smdp.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { putProducts } from '../catalogue/index.ts';
import { createRemoteClients, orderRemotely } from '../remote_smdp/index.ts';
import { fulfilOrders, getOrder, placeOrder } from './index.ts';
import { registerRemote } from './test_remote_type.ts';
import { openShop, shopProducts } from './test_shop.ts';

const ctx = testCtx(await testDatabase(), new Date());
const { id: accountId } = await openShop(ctx, { balanceMinor: 1_000_000n });
const remote = await startTestRemoteSmdp();
await registerRemote(ctx, accountId, settingsOf(remote));
const [bundle = assert.fail()] = shopProducts;
await putProducts(ctx, [...shopProducts, { ...bundle, name: 'remote_1GB', profileType: 'remote-usim' }]);
const clients = createRemoteClients({ timeoutMs: 300 });
after(() => clients.close());

async function settle(): Promise<void> {
  for (;;) {
    while ((await fulfilOrders(ctx, { smdpAddress: 'own.example.com' })) > 0);
    if ((await orderRemotely(ctx, clients)) === 0) return;
  }
}

test('bundles go onto eSIMs that a remote SM-DP+ makes as onto our own, in one order', async () => {
  const lines = [
    { product: bundle.name },
    { product: 'remote_1GB', quantity: 2 },
    { product: 'esim_5GB_30D_NL_V2', withLine: 1 },
    { product: 'esim_5GB_30D_NL_V2', withLine: 0 },
  ];
  const { id, quantity } = await placeOrder(ctx, { accountId, currency: 'EUR', lines });
  assert.equal(quantity, 6);
  await settle();
  await settle();
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'completed');
  const rows = await query<{ smdp: string; products: string }>(
    ctx.db,
    `select e.smdp_address as smdp, string_agg(b.product_name, ' ' order by b.id) as products
     from esims.esims e join bundles.bundles b on b.esim_id = e.id where e.order_id = $1 group by e.id order by e.id`,
    [id],
  );
  const five = 'esim_5GB_30D_NL_V2';
  assert.deepEqual(rows, [
    { smdp: 'own.example.com', products: `${bundle.name} ${five}` },
    { smdp: 'theirs.example.com', products: `remote_1GB ${five}` },
    { smdp: 'theirs.example.com', products: `remote_1GB ${five}` },
  ]);
  assert.equal(remote.profiles.size, 2);
});

test('a profile type of our own takes the place of a remote one: nothing is asked for there', async () => {
  const before = remote.profiles.size;
  const { id } = await placeOrder(ctx, {
    accountId,
    currency: 'EUR',
    lines: [{ product: 'remote_1GB', downloadBy: new Date(ctx.now.getTime() + 1_000_000) }],
    profileType: 'test-usim',
  });
  await settle();
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'completed');
  assert.equal(remote.profiles.size, before);
});
