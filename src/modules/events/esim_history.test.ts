import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { type EventType, emit, findLastEvents, historyTypes, listEsimHistory } from './index.ts';

const ctx = testCtx(await testDatabase());
const esimId = (name: string) => `esm_${name}`;

function about(accountId: string, name: string, type: EventType, n: number) {
  const isEsim = type.startsWith('esim.');
  const data = isEsim ? { n } : { n, esimId: esimId(name) };
  return { accountId, type, resourceId: isEsim ? esimId(name) : `bun_${n}`, data };
}

const history = async (accountId: string, name: string, limit?: number, of = ctx) =>
  (await listEsimHistory(of, { accountId, esimId: esimId(name), ...(limit && { limit }) })).map(
    ({ data }) => data['n'],
  );

test('the history of an eSIM is of itself, its line and its bundles, newest first, and of nobody else', async () => {
  await emit(ctx, about('acc_a', 'one', 'bundle.assigned', 1), about('acc_a', 'two', 'bundle.assigned', 2));
  await emit(ctx, about('acc_b', 'one', 'bundle.assigned', 3));
  await emit(ctx, about('acc_a', 'one', 'esim.updated', 4), about('acc_a', 'one', 'sim.refreshed', 5));
  await emit(ctx, about('acc_a', 'one', 'sim.attached', 6), about('acc_a', 'one', 'esim.installed', 7));
  assert.deepEqual(await history('acc_a', 'one'), [5, 4, 1]);
  assert.deepEqual(await history('acc_a', 'one', 2), [5, 4]);
  assert.deepEqual(await history('acc_a', 'none'), []);
});

test('the last event is found for many eSIMs at once, and only of the account', async () => {
  await emit(ctx, about('acc_c', 'one', 'bundle.assigned', 1), about('acc_c', 'two', 'esim.updated', 2));
  await emit(ctx, about('acc_c', 'one', 'bundle.revoked', 3), about('acc_d', 'two', 'bundle.assigned', 4));
  const last = await findLastEvents(ctx, {
    accountId: 'acc_c',
    esimIds: ['one', 'two', 'three'].map(esimId),
  });
  assert.deepEqual([...last].map(([id, { type, data }]) => [id, type, data['n']]).toSorted(), [
    [esimId('one'), 'bundle.revoked', 3],
    [esimId('two'), 'esim.updated', 2],
  ]);
});

test('a history costs what it shows, however much happened in the account', async () => {
  await query(
    ctx.db,
    `create index if not exists events_of_esims on events.events
       (account_id, coalesce(data->>'esimId', resource_id), position)
     where type in (${historyTypes.map((type) => `'${type}'`).join(', ')})`,
  );
  for (let n = 0; n < 10; n++)
    await emit(
      ctx,
      ...Array.from({ length: 1000 }, (_, i) => about('acc_e', `e${i % 500}`, 'bundle.assigned', i)),
    );
  await query(ctx.db, 'analyze events.events');
  for (let round = 0; round < 7; round++) {
    const read = await rowsRead((tx) => history('acc_e', 'e7', 5, tx));
    assert.ok(read <= 5, `a page of 5 read ${read} rows`);
    const esimIds = Array.from({ length: 100 }, (_, i) => esimId(`e${i}`));
    const each = await rowsRead((tx) => findLastEvents(tx, { accountId: 'acc_e', esimIds }));
    assert.ok(each <= 100, `the last of 100 eSIMs read ${each} rows`);
  }
});

async function rowsRead(run: (tx: Ctx) => Promise<unknown>): Promise<number> {
  const count = async (tx: Ctx) => {
    const [row] = await query<{ read: bigint }>(
      tx.db,
      "select idx_tup_fetch + seq_tup_read as read from pg_stat_xact_user_tables where relid = 'events.events'::regclass",
    );
    return Number(row?.read);
  };
  return await write(ctx, {}, async (tx) => {
    const before = await count(tx);
    await run(tx);
    return (await count(tx)) - before;
  });
}
