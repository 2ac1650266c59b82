import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../base/log.ts';
import { systemCtx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';
import { startWebhooks } from './start_webhooks.ts';
import { answer, openReceiver } from './test_receiver.ts';
import { addEndpoint, openDesk } from './test_webhooks.ts';

const database = await testDatabase({ poolSize: 12 });
const { vault } = testCtx(database);
const ctx = () => systemCtx(database, { vault, log: silentLog });
const relaxedCtx = () => systemCtx({ kysely: database.relaxed }, { vault, log: silentLog });
const accountId = 'acc_a';

test('what four writers do to one resource is told in the order in which they did it, by two nodes', async (t) => {
  const receiver = await openReceiver(answer(204));
  await addEndpoint(ctx(), accountId, receiver.url);
  const nodes = [1, 2].map(() => startWebhooks({ desk: openDesk(), ctx, relaxedCtx, log: silentLog }));
  t.after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await receiver.close();
  });
  await query(ctx().db, 'create table webhooks.test_rows (id int primary key, count int not null)');
  await query(ctx().db, 'insert into webhooks.test_rows values (1, 0), (2, 0)');
  const rounds = 30;
  const writers = Array.from({ length: 4 }, async () => {
    for (let round = 0; round < rounds; round++) for (const id of [1, 2]) await change(id);
  });
  await Promise.all(writers);
  const received = await receiver.has(4 * rounds * 2);
  const told = received.map(({ body }) => JSON.parse(body).data);
  for (const id of [1, 2])
    assert.deepEqual(
      told.filter(({ resourceId }) => resourceId === `esm_${id}`).map(({ data }) => data.count),
      Array.from({ length: 4 * rounds }, (_, n) => n + 1),
    );
});

/** In a transaction whose id is older than its lock, as one with an idempotency key is. */
async function change(id: number): Promise<void> {
  await write(ctx(), {}, async (tx) => {
    await query(tx.db, 'select pg_current_xact_id()');
    const [row] = await query<{ count: number }>(
      tx.db,
      'update webhooks.test_rows set count = count + 1 where id = $1 returning count',
      [id],
    );
    const event = { accountId, type: 'esim.updated', resourceId: `esm_${id}` } as const;
    await emit(tx, { ...event, data: { count: row!.count } });
  });
}
