import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from './query.ts';
import { sharedRead } from './shared_read.ts';
import { testCtx } from './test_ctx.ts';
import { testDatabase } from './test_database.ts';
import { write } from './write.ts';

const ctx = testCtx(await testDatabase());

const twice = sharedRead<{ n: string }, { twice: number; together: number }>(
  `select 2 * n::int as twice, count(*) over ()::int as together
   from unnest($1::text[]) with ordinality as w (n, place) order by place`,
  ['n'],
);
const connectionOf = sharedRead<{ n: string }, { pid: number }>(
  'select pg_backend_pid() as pid from unnest($1::text[])',
  ['n'],
);

test('what is asked for at the same time is read together, each in its place', async () => {
  const numbers = Array.from({ length: 1_200 }, (_, number) => number);
  const rows = await Promise.all(numbers.map((number) => twice(ctx, { n: String(number) })));
  assert.deepEqual(
    rows.map((row) => row.twice),
    numbers.map((number) => 2 * number),
  );
  assert.deepEqual(
    [0, 499, 500, 999, 1_000, 1_199].map((place) => rows[place]?.together),
    [500, 500, 500, 500, 200, 200],
  );
});

test('reads of several kinds travel together, on one connection', async () => {
  const other = sharedRead<{ n: string }, { pid: number }>(
    'select pg_backend_pid() as pid, 1 as other from unnest($1::text[])',
    ['n'],
  );
  const [{ together }, { pid }, { pid: otherPid }] = await Promise.all([
    twice(ctx, { n: '1' }),
    connectionOf(ctx, { n: '1' }),
    other(ctx, { n: '1' }),
    twice(ctx, { n: '2' }),
  ]);
  assert.deepEqual([together, otherPid], [2, pid]);
});

test('a key that the database refuses fails alone', async () => {
  const asked = ['1', 'nonsense', '3'].map((n) => twice(ctx, { n }));
  const settled = await Promise.allSettled([...asked, connectionOf(ctx, { n: '1' })]);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  await assert.rejects(twice(ctx, { n: 'nonsense' }), { code: '22P02' });
  assert.equal((await twice(ctx, { n: '4' })).twice, 8);
});

test('when the connection is lost, all that were asked for hear of it, and the next are read', async () => {
  const fatal = sharedRead<{ n: string }, { ended: boolean }>(
    'select pg_terminate_backend(pg_backend_pid()) as ended from unnest($1::text[])',
    ['n'],
  );
  const settled = await Promise.allSettled(['1', '2', '3'].map((n) => fatal(ctx, { n })));
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.equal((await twice(ctx, { n: '4' })).twice, 8);
});

test('in a transaction it reads what the transaction has written, and shares nothing', async () => {
  const both = await write(ctx, {}, async (tx) => {
    const [{ pid }] = (await query<{ pid: number }>(tx.db, 'select pg_backend_pid() as pid')) as [
      { pid: number },
    ];
    const rows = await Promise.all([twice(tx, { n: '1' }), twice(tx, { n: '2' })]);
    assert.equal((await connectionOf(tx, { n: '1' })).pid, pid);
    return rows.map(({ twice, together }) => [twice, together]);
  });
  assert.deepEqual(both, [
    [2, 1],
    [4, 1],
  ]);
});
