import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from './ctx.ts';
import { query } from './query.ts';
import { sharedRead } from './shared_read.ts';
import { testCtx } from './test_ctx.ts';
import { testDatabase } from './test_database.ts';
import { write } from './write.ts';

const ctx = testCtx(await testDatabase());

/** Doubles each number in one statement, and notes how many came together. */
function doubling() {
  const batches: number[] = [];
  const read = sharedRead(async (at: Ctx, texts: readonly string[]) => {
    batches.push(texts.length);
    const rows = await query<{ twice: number }>(
      at.db,
      'select 2 * n::int as twice from unnest($1::text[]) with ordinality as w(n, place) order by place',
      [[...texts]],
    );
    return rows.map(({ twice }) => twice);
  });
  return { read, batches };
}

test('what is asked for at the same time is read together, each in its place', async () => {
  const { read, batches } = doubling();
  const numbers = Array.from({ length: 500 }, (_, number) => number);
  const doubled = await Promise.all(numbers.map((number) => read(ctx, String(number))));
  assert.deepEqual(
    doubled,
    numbers.map((number) => 2 * number),
  );
  assert.deepEqual(batches, [200, 200, 100]);
});

test('a key that the database refuses fails alone', async () => {
  const { read } = doubling();
  const asked = ['1', 'nonsense', '3'].map((text) => read(ctx, text));
  const settled = await Promise.allSettled(asked);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  await assert.rejects(read(ctx, 'nonsense'));
  assert.equal(await read(ctx, '4'), 8);
});

test('in a transaction it reads what the transaction has written, and shares nothing', async () => {
  const { read, batches } = doubling();
  const both = await write(ctx, {}, (tx) => Promise.all([read(tx, '1'), read(tx, '2')]));
  assert.deepEqual(
    [both, batches],
    [
      [2, 4],
      [1, 1],
    ],
  );
});
