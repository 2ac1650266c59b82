import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { emit, eventIdOf, getEvents, hasEventsBehind, listEvents, readOutbox } from './index.ts';

const ctx = testCtx(await testDatabase());
const event = (accountId: string, n: number) => ({
  accountId,
  type: 'order.accepted' as const,
  resourceId: `ord_${n}`,
  data: { n },
});

test('a reader that goes on from its cursor is given every event once, in order', async () => {
  for (let n = 0; n < 25; n++) await emit(ctx, event('acc_a', n));
  const seen: unknown[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listEvents(ctx, {
      accountId: 'acc_a',
      limit: 10,
      ...(after !== undefined && { after }),
    });
    if (page.events.length === 0) break;
    seen.push(...page.events.map((each) => each.data['n']));
    after = page.nextCursor;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, n) => n),
  );
});

test('an event whose transaction commits late is not skipped by readers that went on meanwhile', async () => {
  const opened = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const late = write(ctx, {}, async (tx) => {
    await emit(tx, event('acc_b', 1));
    opened.resolve();
    await commit.promise;
  });
  await opened.promise;
  await emit(ctx, event('acc_b', 2));
  const { events: early, nextCursor } = await listEvents(ctx, { accountId: 'acc_b' });
  commit.resolve();
  await late;
  const { events: rest } = await listEvents(ctx, { accountId: 'acc_b', after: nextCursor });
  assert.deepEqual([...early, ...rest].map((each) => each.data['n']).sort(), [1, 2]);
});

test('an event of a transaction that is rolled back never happened', async () => {
  await assert.rejects(
    write(ctx, {}, async (tx) => {
      await emit(tx, event('acc_c', 1));
      throw new Error('no');
    }),
  );
  assert.deepEqual((await listEvents(ctx, { accountId: 'acc_c' })).events, []);
});

test('events are filtered by type and resource, and never show another account', async () => {
  await emit(ctx, event('acc_d', 1), { ...event('acc_d', 2), type: 'order.completed' }, event('acc_e', 3));
  assert.equal((await listEvents(ctx, { accountId: 'acc_d' })).events.length, 2);
  assert.equal((await listEvents(ctx, { accountId: 'acc_d', types: ['order.completed'] })).events.length, 1);
  assert.equal((await listEvents(ctx, { accountId: 'acc_d', resourceId: 'ord_1' })).events.length, 1);
});

test('a cursor that is none is refused', async () => {
  for (const after of [
    '',
    'x',
    Buffer.from('1.2.3').toString('base64url'),
    Buffer.from('-1.2').toString('base64url'),
  ])
    await assert.rejects(listEvents(ctx, { accountId: 'acc_a', after }), { code: 'invalid_request' });
});

test('a cursor moves on past what did not fit the filter', async () => {
  await emit(ctx, event('acc_f', 1));
  const first = await listEvents(ctx, { accountId: 'acc_f', types: ['order.failed'] });
  assert.deepEqual((await listEvents(ctx, { accountId: 'acc_f', after: first.nextCursor })).events, []);
  await emit(ctx, event('acc_f', 2));
  assert.equal((await listEvents(ctx, { accountId: 'acc_f', after: first.nextCursor })).events.length, 1);
});

test('a reader of the outbox is given the events of all accounts once, in order, whatever commits late', async () => {
  let { end } = await readOutbox(ctx, { after: 0n, limit: 10_000 });
  const opened = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const late = write(ctx, {}, async (tx) => {
    await emit(tx, event('acc_g', 0));
    opened.resolve();
    await commit.promise;
  });
  await opened.promise;
  for (let n = 1; n <= 5; n++) await emit(ctx, event(n % 2 ? 'acc_g' : 'acc_h', n));
  const seen: unknown[] = [];
  const read = async () => {
    const page = await readOutbox(ctx, { after: end, limit: 2 });
    seen.push(...page.events.map((each) => each.data['n']));
    end = page.end;
  };
  assert.equal(await hasEventsBehind(ctx, { after: end }), true);
  for (let rounds = 0; rounds < 3; rounds++) await read();
  assert.deepEqual(seen, []);
  commit.resolve();
  await late;
  for (let rounds = 0; rounds < 5; rounds++) await read();
  assert.deepEqual(seen.toSorted(), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(seen.slice(1), [1, 2, 3, 4, 5], 'those of one writer in its order');
  for (const accountId of ['acc_g', 'acc_h', undefined])
    assert.equal(await hasEventsBehind(ctx, { after: end, ...(accountId && { accountId }) }), false);
});

test('events are found by their keys, and not by those of another account', async () => {
  await emit(ctx, event('acc_i', 1));
  const { events } = await readOutbox(ctx, { after: 0n, limit: 10_000 });
  const { accountId, position, id } = events.at(-1)!;
  assert.equal(id, eventIdOf(position));
  assert.equal((await getEvents(ctx, [{ accountId, position }])).get(position)?.data['n'], 1);
  assert.equal((await getEvents(ctx, [{ accountId: 'acc_j', position }])).size, 0);
});
