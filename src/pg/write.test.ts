import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { AppError } from '../base/app_error.ts';
import { silentLog } from '../base/log.ts';
import { createVault } from '../base/vault.ts';
import { type Ctx, systemCtx } from './ctx.ts';
import { deleteOldIdempotencyKeys } from './idempotency.ts';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';
import { inputHashOf, write } from './write.ts';

const database = await testDatabase();
await sql`create table things (name text primary key, value bigint not null default 0)`.execute(
  database.kysely,
);
await sql`insert into things values ('a', 0), ('b', 0)`.execute(database.kysely);
const ctx = systemCtx(database, {
  vault: createVault([{ id: 1, key: Buffer.alloc(32, 1) }]),
  log: silentLog,
});

const add = (name: string) => async (inner: Ctx) =>
  void (await query(inner.db, 'insert into things (name) values ($1)', [name]));
const raise = (name: string) => async (inner: Ctx) =>
  void (await query(inner.db, 'update things set value = value + 1 where name = $1', [name]));
const stored = async (name: string) =>
  (await query<{ value: bigint }>(database.kysely, 'select value from things where name = $1', [name]))[0]
    ?.value;
const once = (key: string, input: unknown = 'input') => ({
  idempotency: { accountId: 'acc_1', operation: 'test', key, inputHash: inputHashOf(input) },
});

test('what is written is there after the write, and its hooks run once, after the commit', async () => {
  const seen: (bigint | undefined)[] = [];
  await write(ctx, {}, async (inner) => {
    await add('kept')(inner);
    inner.afterCommit(() => void stored('kept').then((value) => seen.push(value)));
    assert.equal(await stored('kept'), undefined);
  });
  while (seen.length === 0) await sleep(5);
  assert.deepEqual(seen, [0n]);
});

test('an error undoes everything, reaches the caller as it is, and no hook runs', async () => {
  const refusal = new AppError('insufficient_funds');
  const failing = write(ctx, {}, async (inner) => {
    inner.afterCommit(() => assert.fail('a hook ran after a rollback'));
    await add('gone')(inner);
    throw refusal;
  });
  await assert.rejects(failing, (error) => error === refusal);
  assert.equal(await stored('gone'), undefined);
});

const insertThing = (name: string) => ({ text: 'insert into things (name) values ($1)', values: [name] });

test('statements sent along with the commit are committed with it', async () => {
  await write(ctx, {}, async (inner) => {
    await add('first')(inner);
    inner.alongCommit(insertThing('along'));
  });
  assert.deepEqual([await stored('first'), await stored('along')], [0n, 0n]);
});

test('when a statement sent along with the commit fails, nothing was written, no hook runs, and its error is thrown', async () => {
  let ran = false;
  const failing = write(ctx, {}, async (inner) => {
    await add('undone')(inner);
    inner.afterCommit(() => {
      ran = true;
    });
    inner.alongCommit(insertThing('also undone'));
    inner.alongCommit(insertThing('a'));
  });
  await assert.rejects(failing, { code: 'conflict' });
  assert.deepEqual([await stored('undone'), await stored('also undone'), ran], [undefined, undefined, false]);
  await write(ctx, {}, add('after'));
  assert.equal(await stored('after'), 0n);
});

test('a hook that fails neither hides the answer nor stops the other hooks', async () => {
  let ran = false;
  const answer = await write(ctx, {}, async (inner) => {
    inner.afterCommit(() => {
      throw new Error('hook');
    });
    inner.afterCommit(() => {
      ran = true;
    });
    return 'answer';
  });
  assert.deepEqual([answer, ran], ['answer', true]);
});

test('the same key and input run once and give the same answer, bigint, dates and bytes included', async () => {
  const answer = {
    z: 1n,
    a: new Date(5),
    bytes: Buffer.of(1, 2),
    list: [{ n: null }],
    $bigint: 'x',
    text: 'ü',
  };
  const run = async (inner: Ctx) => {
    await raise('a')(inner);
    return answer;
  };
  assert.equal(await write(ctx, once('k1'), run), answer);
  const repeated = await write(ctx, once('k1'), run);
  assert.deepEqual(repeated, answer);
  assert.deepEqual(Object.keys(repeated), Object.keys(answer));
  assert.equal(await stored('a'), 1n);
});

test('the same key with another input is refused and changes nothing', async () => {
  await write(ctx, once('k2'), raise('b'));
  await assert.rejects(write(ctx, once('k2', 'other'), raise('b')), { code: 'idempotency_key_reused' });
  assert.equal(await stored('b'), 1n);
});

test('the same key of another account or operation is another key', async () => {
  let runs = 0;
  const run = async () => ++runs;
  for (const other of [{ accountId: 'acc_2' }, { operation: 'other' }, {}])
    await write(ctx, { idempotency: { ...once('k3').idempotency, ...other } }, run);
  assert.equal(runs, 3);
});

test('of concurrent calls with one key exactly one runs, and all get its answer', async () => {
  let runs = 0;
  const calls = Array.from({ length: 8 }, () =>
    write(ctx, once('k4'), async () => {
      await sleep(30);
      return ++runs;
    }),
  );
  assert.deepEqual(await Promise.all(calls), Array(8).fill(1));
});

test('when the call that came first fails, one that waits with the same key runs', async () => {
  const events: string[] = [];
  const call = (name: string, fails: boolean) =>
    write(ctx, once('k5'), async () => {
      events.push(name);
      await sleep(50);
      events.push(`${name} ends`);
      if (fails) throw new AppError('stock_empty');
      return name;
    });
  const first = assert.rejects(call('first', true), { code: 'stock_empty' });
  while (events.length === 0) await sleep(1);
  assert.equal(await call('second', false), 'second');
  await first;
  assert.deepEqual(events, ['first', 'first ends', 'second', 'second ends']);
});

test('a call that failed leaves its key free', async () => {
  await assert.rejects(
    write(ctx, once('k6'), async () => {
      throw new AppError('stock_empty');
    }),
  );
  assert.equal(await write(ctx, once('k6'), async () => 'now'), 'now');
});

test('a dry run gives the result, leaves nothing, runs no hook and does not use up the key', async () => {
  const run = async (inner: Ctx) => {
    inner.afterCommit(() => assert.fail('a hook ran after a dry run'));
    await add('dry')(inner);
    return (await query(inner.db, `select from things where name = 'dry'`)).length;
  };
  assert.equal(await write(ctx, { ...once('k7'), dryRun: true }, run), 1);
  assert.equal(await stored('dry'), undefined);
  assert.equal(await write(ctx, once('k7'), async () => 'ran'), 'ran');
});

test('a write within a write belongs to the outer one: its rows, its hooks and its end', async () => {
  const hooks: string[] = [];
  const outer = (fails: boolean) =>
    write(ctx, {}, async (inner) => {
      await write(inner, {}, async (joined) => {
        joined.afterCommit(() => hooks.push('inner'));
        await add('joined')(joined);
      });
      assert.equal(await stored('joined'), undefined);
      assert.deepEqual(hooks, []);
      if (fails) throw new AppError('conflict');
    });
  await assert.rejects(outer(true), { code: 'conflict' });
  assert.equal(await stored('joined'), undefined);
  await outer(false);
  assert.deepEqual([await stored('joined'), hooks], [0n, ['inner']]);
});

test('a dry run within a write is undone alone', async () => {
  await write(ctx, {}, async (inner) => {
    await add('outer')(inner);
    await write(inner, { dryRun: true }, add('tried'));
    await assert.rejects(
      write(inner, { dryRun: true }, async (dry) => {
        await add('tried')(dry);
        throw new AppError('stock_empty');
      }),
      { code: 'stock_empty' },
    );
    await assert.rejects(write(inner, { dryRun: true }, add('outer')), { code: 'conflict' });
  });
  assert.deepEqual([await stored('outer'), await stored('tried')], [0n, undefined]);
});

test('two writes that lock each other out both come through, each with one effect', async () => {
  const before = [await stored('a'), await stored('b')].map((value) => (value ?? 0n) + 2n);
  const inOrder = (first: string, second: string) =>
    write(ctx, {}, async (inner) => {
      await raise(first)(inner);
      await sleep(50);
      await raise(second)(inner);
    });
  await Promise.all([inOrder('a', 'b'), inOrder('b', 'a')]);
  assert.deepEqual([await stored('a'), await stored('b')], before);
});

test('a write is tried four times at most, and what fails then is unavailable with a time to come back', async () => {
  let runs = 0;
  const failing = write(ctx, {}, async (inner) => {
    runs++;
    await query(inner.db, `do $$ begin raise exception 'x' using errcode = '40001'; end $$`);
  });
  await assert.rejects(failing, { code: 'unavailable', retryAfterSeconds: 1 });
  assert.equal(runs, 4);
});

test('a write whose plans a migration has made stale comes through', async () => {
  await sql`create table changing (a int)`.execute(database.kysely);
  const read = () => write(ctx, {}, (inner) => query(inner.db, 'select * from changing'));
  await Promise.all(Array.from({ length: 3 }, read));
  await sql`alter table changing add b int`.execute(database.kysely);
  await Promise.all(Array.from({ length: 3 }, read));
});

test('a connection that breaks in a write is an unavailable error, and the next write works', async () => {
  const failing = write(ctx, {}, async (inner) => {
    await query(inner.db, 'select pg_terminate_backend(pg_backend_pid())');
  });
  await assert.rejects(failing, { code: 'unavailable' });
  assert.equal(await write(ctx, {}, async () => 'works'), 'works');
});

test('old keys are forgotten, young ones stay', async () => {
  await write(ctx, once('k8'), async () => 1);
  assert.equal(await deleteOldIdempotencyKeys(ctx, new Date(Date.now() - 60_000)), 0);
  assert.ok((await deleteOldIdempotencyKeys(ctx, new Date(Date.now() + 60_000))) > 0);
  assert.equal(await write(ctx, once('k8'), async () => 2), 2);
});

test('equal inputs have equal hashes whatever the order of their keys, other ones have not', () => {
  const hash = (value: unknown) => Buffer.from(inputHashOf(value)).toString('hex');
  assert.equal(hash({ a: 1n, b: [new Date(1)] }), hash({ b: [new Date(1)], a: 1n }));
  const different = [{ a: 1n }, { a: 1 }, { a: '1' }, { a: [1] }, { a: null }, {}, { a: { $bigint: '1' } }];
  assert.equal(new Set(different.map(hash)).size, different.length);
});
