import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import { systemCtx } from '../../pg/ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { startWebhooks } from './start_webhooks.ts';
import { answer, openReceiver, waitFor } from './test_receiver.ts';
import { addEndpoint, deliveriesOf, happen, openDesk } from './test_webhooks.ts';

const database = await testDatabase();
const parts = { vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]), log: silentLog };
const ctx = () => systemCtx(database, parts);
const relaxedCtx = () => systemCtx({ kysely: database.relaxed }, parts);
const start = () => startWebhooks({ desk: openDesk({ timeoutMs: 700 }), ctx, relaxedCtx, log: silentLog });

test('two nodes deliver what happens, each thing once, beside a receiver that never answers', async () => {
  const good = await openReceiver(answer(204));
  const dead = await openReceiver(() => {});
  await addEndpoint(ctx(), 'acc_dead', dead.url);
  await addEndpoint(ctx(), 'acc_good', good.url);
  const nodes = [start(), start()];
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([good.close(), dead.close()]);
  });
  const happenedAt: number[] = [];
  for (let n = 0; n < 150; n++) {
    await Promise.all([happen(ctx(), 'acc_dead', `esm_${n}`), happen(ctx(), 'acc_good', `esm_${n}`)]);
    happenedAt.push(performance.now());
  }
  const received = await good.has(150);
  const waits = received.map(({ body, atMs }) => {
    const n = Number(JSON.parse(body).data.resourceId.slice(4));
    return atMs - (happenedAt[n] ?? 0);
  });
  assert.equal(new Set(received.map((each) => each.headers['webhook-id'])).size, 150);
  assert.equal(received.length, 150);
  // A dead receiver holds each of its requests for 700 ms.
  assert.ok(Math.max(...waits) < 700, `${Math.max(...waits)} ms`);
  await waitFor(async () =>
    (await deliveriesOf(ctx(), 'acc_good')).every((each) => each.state === 'delivered'),
  );
  // While nobody answers, a node sends it one request at a time.
  assert.ok(dead.received.length < 50, `${dead.received.length} requests to the dead one`);
});

test('after it has stopped nothing is sent, and the next node goes on', async () => {
  const receiver = await openReceiver(answer(204));
  after(() => receiver.close());
  await addEndpoint(ctx(), 'acc_next', receiver.url);
  const first = start();
  await happen(ctx(), 'acc_next', 'esm_1');
  await receiver.has(1);
  await first.stop();
  await happen(ctx(), 'acc_next', 'esm_2');
  const second = start();
  const received = await receiver.has(2);
  await second.stop();
  assert.deepEqual(
    received.map((each) => JSON.parse(each.body).data.resourceId),
    ['esm_1', 'esm_2'],
  );
});
