import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { inTurn } from './in_turn.ts';

const ctx = { vault: {} } as Ctx;

test('of one account one runs at a time, in the order of arrival, and one that fails does not stop the next', async () => {
  const log: string[] = [];
  const run = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise(setImmediate);
    log.push(`${name} ends`);
    if (name === 'one') throw new Error('one failed');
    return name;
  };
  const [one, two, other] = await Promise.allSettled([
    inTurn(ctx, 'acc_1', run('one')),
    inTurn(ctx, 'acc_1', run('two')),
    inTurn(ctx, 'acc_2', run('other')),
  ]);
  assert.deepEqual([one?.status, two?.status, other?.status], ['rejected', 'fulfilled', 'fulfilled']);
  assert.ok(log.indexOf('other begins') < log.indexOf('one ends'));
  assert.deepEqual(
    log.filter((each) => !each.startsWith('other')),
    ['one begins', 'one ends', 'two begins', 'two ends'],
  );
});

test('more than a thousand of one account are refused, and taken again when they are done', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = Array.from({ length: 1_000 }, () => inTurn(ctx, 'acc_3', () => gate));
  await assert.rejects(
    inTurn(ctx, 'acc_3', () => gate),
    { code: 'unavailable' },
  );
  assert.equal(await inTurn(ctx, 'acc_4', async () => 'free'), 'free');
  release();
  await Promise.all(waiting);
  assert.equal(await inTurn(ctx, 'acc_3', async () => 'free'), 'free');
});
