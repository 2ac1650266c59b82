import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../base/log.ts';
import { systemCtx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { startWebhooks } from './start_webhooks.ts';
import { openReceiver, waitFor } from './test_receiver.ts';
import { addEndpoint, deliveriesOf, happen, openDesk } from './test_webhooks.ts';

const database = await testDatabase();
const { vault } = testCtx(database);
const ctx = () => systemCtx(database, { vault, log: silentLog });

test('nodes killed while they deliver lose nothing, and each resource keeps its order', async (t) => {
  const receiver = await openReceiver((_request, response) => {
    setTimeout(() => response.writeHead(204).end(), 5);
  });
  t.after(() => receiver.close());
  await addEndpoint(ctx(), 'acc_a', receiver.url);
  let happened = 0;
  for (let kills = 0; kills < 3; kills++) {
    const node = startNode();
    const wanted = receiver.received.length + 30;
    const deadline = Date.now() + 60_000;
    while (receiver.received.length < wanted) {
      await happen(ctx(), 'acc_a', `esm_${happened++ % 7}`);
      await sleep(5);
      if (Date.now() > deadline) throw new Error('the node does not deliver');
    }
    node.kill('SIGKILL');
    await once(node, 'exit');
    // As if half a minute had passed: until then the claims of the dead node hold.
    await query(
      ctx().db,
      `update webhooks.deliveries set claimed_until = now() where claimed_until is not null`,
    );
  }
  const last = startWebhooks({ desk: openDesk(), ctx, relaxedCtx: ctx, log: silentLog });
  const made = await waitFor(async () => {
    const all = await deliveriesOf(ctx(), 'acc_a');
    return all.length === happened && all.every((each) => each.state === 'delivered') && all;
  });
  await last.stop();
  const firstReceipt = new Map<string, number>();
  for (const [index, { headers }] of receiver.received.entries()) {
    const id = headers['webhook-id'] ?? '';
    if (!firstReceipt.has(id)) firstReceipt.set(id, index);
  }
  assert.deepEqual(new Set(firstReceipt.keys()), new Set(made.map((each) => each.id)));
  for (const [, queue] of Map.groupBy(made, (each) => each.resourceId)) {
    const order = queue.map((each) => firstReceipt.get(each.id) ?? -1);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  }
});

function startNode() {
  const file = fileURLToPath(new URL('test_node.ts', import.meta.url));
  return fork(file, [database.connectionString], { execArgv: ['--disable-warning=ExperimentalWarning'] });
}
