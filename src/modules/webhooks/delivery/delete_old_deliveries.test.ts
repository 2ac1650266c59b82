import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../base/ids.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { deleteOldDeliveries } from '../index.ts';

const ctx = testCtx(await testDatabase());
const day = 86_400_000;

test('deliveries go with their attempts after thirty days, unless they still wait', async () => {
  await query(
    ctx.db,
    "insert into webhooks.targets (id, account_id, url, dialect, secrets, created_at) values ('whk_1', 'acc_1', 'https://example.com/', 'standard', '', $1)",
    [ctx.now],
  );
  for (const [place, [age, state]] of (
    [
      [31, 'delivered'],
      [31, 'parked'],
      [31, 'pending'],
      [29, 'delivered'],
    ] as const
  ).entries())
    await addDelivery(place, ctx.now.getTime() - age * day, state);
  assert.equal(await deleteOldDeliveries(ctx), 2);
  assert.equal(await deleteOldDeliveries(ctx), 0);
  const left = await query<{ state: string; attempts: bigint }>(
    ctx.db,
    'select state, (select count(*) from webhooks.attempts a where a.delivery_id = d.id) as attempts from webhooks.deliveries d order by id',
  );
  assert.deepEqual(left, [
    { state: 'pending', attempts: 1n },
    { state: 'delivered', attempts: 1n },
  ]);
});

async function addDelivery(position: number, madeMs: number, state: string): Promise<void> {
  const id = newId('delivery', madeMs);
  const at = new Date(madeMs);
  await query(
    ctx.db,
    `insert into webhooks.deliveries (id, account_id, target_id, host, event_position, event_type, resource_id,
       state, next_attempt_at, parks_at, created_at)
     values ($1, 'acc_1', 'whk_1', 'example.com', $2, 'order.completed', 'ord_1', $3, $4, $4, $4)`,
    [id, position, state, at],
  );
  await query(
    ctx.db,
    'insert into webhooks.attempts (delivery_id, number, at, duration_ms) values ($1, 1, $2, 1)',
    [id, at],
  );
}
