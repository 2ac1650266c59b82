import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, setClock } from '../modules/accounts/index.ts';
import { testCtx } from '../pg/test_ctx.ts';
import { testDatabase } from '../pg/test_database.ts';
import { write } from '../pg/write.ts';
import { runDueWork } from './due_work.ts';

const ctx = { ...testCtx(await testDatabase()), now: new Date() };

test('work that fails does not keep the work behind it from being done', async () => {
  const failing = {
    name: 'failing',
    nextDueAt: async () => null,
    runDue: () => Promise.reject(new Error('no')),
  };
  const behind = { name: 'behind', nextDueAt: async () => null, runDue: async () => 3 };
  assert.equal(await runDueWork(ctx, [failing, behind]), 3);
});

test('accounts with moved clocks are served at their time, however many they are, within some rounds', async () => {
  const dayMs = 86_400_000;
  const ids = await write(ctx, {}, async (tx) => {
    const made = [];
    for (let n = 0; n < 60; n++)
      made.push((await createAccount(tx, { name: `${n}`, kind: 'sandbox', currency: 'EUR' })).id);
    await setClock(tx, made, new Date(Date.now() + dayMs));
    return made;
  });
  const served = new Map<string, Date>();
  const work = {
    name: 'note',
    nextDueAt: async (at: { now: Date }) => at.now,
    runDue: async (at: { now: Date }, accountId: string | null) => {
      if (accountId !== null) served.set(accountId, at.now);
      return 0;
    },
  };
  await runDueWork(ctx, [work]);
  assert.equal(served.size, 50);
  await runDueWork(ctx, [work]);
  assert.deepEqual([...served.keys()].sort(), [...ids].sort());
  for (const now of served.values()) assert.ok(Math.abs(now.getTime() - ctx.now.getTime() - dayMs) < 60_000);
});
