import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  authenticateApiKey,
  createAccount,
  createApiKey,
  createSubaccount,
  getAccount,
  getThresholds,
  listSubaccounts,
  setClock,
  setThresholds,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const parent = await createAccount(ctx, { name: 'Parent', kind: 'sandbox', currency: 'EUR' });
const stranger = await createAccount(ctx, { name: 'Stranger', kind: 'sandbox', currency: 'EUR' });
const child = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: parent.id, name: 'Child' }));

test('a subaccount has the kind and currency of its parent and is listed under it alone', async () => {
  assert.deepEqual([child.kind, child.currency, child.parentId], ['sandbox', 'EUR', parent.id]);
  assert.deepEqual(await listSubaccounts(ctx, { parentId: parent.id, limit: 10 }), [child]);
  assert.deepEqual(await listSubaccounts(ctx, { parentId: stranger.id, limit: 10 }), []);
  assert.equal((await getAccount(ctx, child.id)).parentId, parent.id);
});

test('a subaccount has no subaccounts', async () => {
  await assert.rejects(
    write(ctx, {}, (tx) => createSubaccount(tx, { parentId: child.id, name: 'Grandchild' })),
    { code: 'conflict' },
  );
});

test('a key of the parent acts for the subaccount; the other way round, and for strangers, there is no such account', async () => {
  const keys = await Promise.all(
    [parent, child].map(({ id: accountId }) => createApiKey(ctx, { accountId, name: 'k', scopes: ['read'] })),
  );
  const [ofParent, ofChild] = keys.map(({ secret }) => secret) as [string, string];
  assert.equal((await authenticateApiKey(ctx, ofParent, child.id)).account.id, child.id);
  assert.equal((await authenticateApiKey(ctx, ofParent)).account.id, parent.id);
  assert.equal((await authenticateApiKey(ctx, ofChild, child.id)).account.id, child.id);
  for (const [key, accountId] of [
    [ofChild, parent.id],
    [ofParent, stranger.id],
    [ofParent, 'acc_unknown'],
  ] as const)
    await assert.rejects(authenticateApiKey(ctx, key, accountId), { code: 'not_found' });
});

test('a moved clock is seen by the next request of a key that was used a moment ago', async () => {
  const { secret } = await createApiKey(ctx, { accountId: parent.id, name: 'k', scopes: ['read'] });
  assert.equal((await authenticateApiKey(ctx, secret)).account.clockOffsetMs, 0);
  const ahead = new Date(Date.now() + 86_400_000);
  await write(ctx, {}, (tx) => setClock(tx, [parent.id, child.id], ahead));
  const { clockOffsetMs } = (await authenticateApiKey(ctx, secret)).account;
  assert.ok(Math.abs(clockOffsetMs - 86_400_000) < 10_000);
});

test('thresholds are ascending percentages, and 1, 50, 80 and 100 unless the account says otherwise', async () => {
  const of = async (id: string) => (await getThresholds(ctx, [id])).get(id);
  assert.deepEqual(await of(stranger.id), [1, 50, 80, 100]);
  for (const thresholds of [
    [0],
    [101],
    [50, 50],
    [80, 50],
    [1.5],
    Array.from({ length: 21 }, (_, n) => n + 1),
  ])
    await assert.rejects(setThresholds(ctx, { accountId: stranger.id, thresholds }), {
      code: 'invalid_request',
    });
  await setThresholds(ctx, { accountId: stranger.id, thresholds: [90, 95] });
  assert.deepEqual(await of(stranger.id), [90, 95]);
  assert.deepEqual(await of(parent.id), [1, 50, 80, 100]);
});
