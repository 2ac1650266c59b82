import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../../base/log.ts';
import { settingsOf, startTestRemoteSmdp } from '../../outgoing/test_remote_smdp.ts';
import { testIdentity } from '../../outgoing/test_rsp_server.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { putProducts } from '../catalogue/index.ts';
import { createRemoteClients, putRemoteSmdp, startRemoteOrders } from '../remote_smdp/index.ts';
import { fulfilOrders, getOrder, placeOrder } from './index.ts';
import { registerRemote } from './test_remote_type.ts';
import { openShop, shopProducts } from './test_shop.ts';

const ctx = testCtx(await testDatabase(), new Date());
const { id: accountId } = await openShop(ctx, { balanceMinor: 1_000_000n });
const [quick, slow] = [await startTestRemoteSmdp(), await startTestRemoteSmdp()];
for (const [name, remote] of [
  ['quick', quick],
  ['slow', slow],
] as const)
  await registerRemote(ctx, accountId, { ...settingsOf(remote), name }, `${name}-usim`);
await putProducts(
  ctx,
  ['quick', 'slow'].map((name) => ({ ...shopProducts[0]!, name, profileType: `${name}-usim` })),
);

const fulfil = async () => {
  while ((await fulfilOrders(ctx, { smdpAddress: 'own.example.com' })) > 0);
};
const place = async (product: string, quantity = 1) => {
  const order = await placeOrder(ctx, { accountId, currency: 'EUR', lines: [{ product, quantity }] });
  await fulfil();
  return order.id;
};
const statusOf = async (id: string) => (await getOrder(ctx, { accountId, id })).status;

function startLoop({ timeoutMs = 10_000 } = {}) {
  const loop = startRemoteOrders({
    clients: createRemoteClients({ timeoutMs }),
    ctx: () => ctx,
    settled: () => {},
    log: silentLog,
  });
  after(() => loop.stop());
  return loop;
}

async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !(await look()); await sleep(10))
    assert.ok(Date.now() < end, 'in vain');
}

test('a server that stalls keeps no other waiting, and gets no more than 16 calls at once', async () => {
  slow.fault = () => 'stall';
  const loop = startLoop();
  const stalled = await place('slow', 20);
  await until(() => slow.calls('downloadOrder').length >= 16);
  const started = performance.now();
  const done = await place('quick', 3);
  await until(async () => {
    await fulfil();
    return (await statusOf(done)) === 'completed';
  });
  assert.ok(performance.now() - started < 8_000, 'before any call of the slow one was given up');
  assert.deepEqual([await statusOf(stalled), slow.calls('downloadOrder').length], ['fulfilling', 16]);
  await loop.stop();
  const rows = await query<{ claimed: boolean; attempts: number }>(
    ctx.db,
    "select claimed_until is not null as claimed, attempts from remote_smdp.profiles where step = 'to_order'",
  );
  assert.equal(rows.filter(({ attempts }) => attempts === 1).length, 16, 'what was cut off is written down');
  assert.ok(rows.every(({ claimed }) => !claimed));
});

test('two nodes share the work, and nothing is sent twice', async () => {
  slow.fault = () => undefined;
  const before = quick.server.received.length;
  const loops = [startLoop(), startLoop()];
  const order = await place('quick', 50);
  await until(async () => {
    await fulfil();
    return (await statusOf(order)) === 'completed';
  });
  await Promise.all(loops.map((loop) => loop.stop()));
  assert.equal(quick.server.received.length, before + 100);
});

test('new settings are used by the next call, and what waits is tried at once', async () => {
  const { identity } = testIdentity();
  quick.fault = () => ({ status: 403 });
  const order = await place('quick');
  const loop = startLoop();
  await until(() => quick.calls('downloadOrder').some(({ client }) => client !== undefined));
  await until(async () => {
    const [row] = await query<{ attempts: number }>(
      ctx.db,
      'select attempts from remote_smdp.profiles where order_id = $1',
      [order],
    );
    return (row?.attempts ?? 0) >= 2;
  });
  quick.fault = () => undefined;
  const seen = quick.server.received.length;
  const { certificate, privateKey } = identity;
  await write(ctx, {}, (tx) =>
    putRemoteSmdp(tx, {
      ...settingsOf(quick),
      accountId,
      name: 'quick',
      requesterIdentifier: 'RENEWED',
      certificate,
      privateKey,
    }),
  );
  await until(async () => {
    await fulfil();
    return (await statusOf(order)) === 'completed';
  });
  const header = quick.server.received[seen]?.body['header'] as Record<string, string>;
  assert.equal(header['functionRequesterIdentifier'], 'RENEWED');
  await loop.stop();
});
