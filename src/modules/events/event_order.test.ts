import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { emit, listEvents, readOutbox } from './index.ts';

const ctx = testCtx(await testDatabase({ poolSize: 12 }));
await query(ctx.db, 'create table events.test_rows (id text primary key, count int not null)');

const tell = (tx: Ctx, accountId: string, n: number) =>
  emit(tx, { accountId, type: 'esim.updated', resourceId: 'esm_1', data: { n } });

/** A transaction that has its id, and locks the row when it is told to; it gives the id. */
function openWriter(accountId: string) {
  const begun = Promise.withResolvers<bigint>();
  const go = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const ended = write(ctx, {}, async (tx) => {
    const [row] = await query<{ id: bigint }>(tx.db, 'select pg_current_xact_id()::text::bigint as id');
    begun.resolve(row!.id);
    await go.promise;
    await change(tx, accountId);
    await end.promise;
  });
  return { begun: begun.promise, go: go.resolve, end: end.resolve, ended };
}

/** Counts in the account's row and tells the new count, as every change of a resource does. */
async function change(tx: Ctx, accountId: string): Promise<void> {
  const [row] = await query<{ count: number }>(
    tx.db,
    'update events.test_rows set count = count + 1 where id = $1 returning count',
    [accountId],
  );
  await tell(tx, accountId, row!.count);
}

const addRow = (accountId: string) =>
  query(ctx.db, 'insert into events.test_rows (id, count) values ($1, 0)', [accountId]);

/** What a reader is shown from `after` to the end of the feed, by pages of `limit`. */
async function readAll(accountId: string, limit: number, after?: string) {
  const seen: unknown[] = [];
  for (;;) {
    const page = await listEvents(ctx, { accountId, limit, ...(after !== undefined && { after }) });
    seen.push(...page.events.map(({ data }) => data['n']));
    after = page.nextCursor;
    if (page.events.length < limit) return { seen, after };
  }
}

test('of two changes of one resource the one that was made first is told first, whichever transaction is older', async () => {
  await addRow('acc_a');
  const older = openWriter('acc_a');
  const olderId = await older.begun;
  const younger = openWriter('acc_a');
  assert.ok(olderId < (await younger.begun));
  younger.go();
  younger.end();
  await younger.ended;
  older.go();
  older.end();
  await older.ended;
  for (const limit of [1, 10]) assert.deepEqual((await readAll('acc_a', limit)).seen, [1, 2]);
});

test('writers that contend for one resource are told in its order, none left out, to one who reads all the while', async () => {
  await addRow('acc_b');
  const rounds = 60;
  let isWriting = true;
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let round = 0; round < rounds; round++)
      await write(ctx, {}, async (tx) => {
        await query(tx.db, 'select pg_current_xact_id()');
        if (round % 3 === 0) await tell(tx, `acc_other_${writer}`, round);
        await change(tx, 'acc_b');
        if (round % 5 === 0) throw new Error('no');
      }).catch((error) => assert.equal(error.message, 'no'));
  });
  const written = Promise.all(writers).finally(() => {
    isWriting = false;
  });
  const seen: unknown[] = [];
  const outbox: unknown[] = [];
  let [after, end] = ['', 0n];
  for (let last = false; !last; ) {
    last = !isWriting;
    const page = await readAll('acc_b', 3, after === '' ? undefined : after);
    seen.push(...page.seen);
    after = page.after;
    const passed = await readOutbox(ctx, { after: end, limit: 7 });
    end = passed.end;
    outbox.push(
      ...passed.events.filter(({ accountId }) => accountId === 'acc_b').map(({ data }) => data['n']),
    );
  }
  await written;
  for (let size = -1; size !== outbox.length; ) {
    size = outbox.length;
    const passed = await readOutbox(ctx, { after: end, limit: 1000 });
    end = passed.end;
    outbox.push(
      ...passed.events.filter(({ accountId }) => accountId === 'acc_b').map(({ data }) => data['n']),
    );
  }
  const made = Array.from({ length: (6 * rounds * 4) / 5 }, (_, n) => n + 1);
  assert.deepEqual(seen, made);
  assert.deepEqual(outbox, made);
});

test('a transaction that emits again behind a savepoint that was rolled back is waited for', async () => {
  const emitted = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const late = write(ctx, {}, async (tx) => {
    await write(tx, { dryRun: true }, (dry) => tell(dry, 'acc_c', 0));
    await tell(tx, 'acc_c', 1);
    emitted.resolve();
    await commit.promise;
  });
  await emitted.promise;
  await tell(ctx, 'acc_c', 2);
  const early = await readAll('acc_c', 10);
  commit.resolve();
  await late;
  const rest = await readAll('acc_c', 10, early.after);
  assert.deepEqual([...early.seen, ...rest.seen], [1, 2]);
});

test('a transaction holds one lock however often it emits, and one that emits nothing holds up nobody', async () => {
  const idle = openWriter('acc_d');
  await idle.begun;
  await write(ctx, {}, async (tx) => {
    for (let n = 0; n < 50; n++) await Promise.all([tell(tx, 'acc_e', n), tell(ctx, 'acc_f', n)]);
    const [row] = await query<{ locks: number }>(
      tx.db,
      "select count(*)::int as locks from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'",
    );
    assert.equal(row?.locks, 1);
  });
  assert.equal((await readAll('acc_f', 10)).seen.length, 50);
  await addRow('acc_d');
  idle.go();
  idle.end();
  await idle.ended;
});

test('the end of the feed does not go back when a writer says late where it began', async () => {
  await tell(ctx, 'acc_g', 1);
  const { after } = await readAll('acc_g', 10);
  await write(ctx, {}, async (tx) => {
    await query(tx.db, 'select pg_advisory_xact_lock_shared(0, 1)');
    const page = await listEvents(ctx, { accountId: 'acc_g' });
    assert.deepEqual([page.events.length, page.nextCursor], [1, after]);
  });
});
