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
  isOfSandbox,
  sandboxCredential,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const owner = await createAccount(ctx, { name: 'Owner', kind: 'live', currency: 'EUR' });
const { secret } = await createApiKey(ctx, { accountId: owner.id, name: 'k', scopes: ['read'] });
const sandbox = (await sandboxCredential(ctx, await authenticateApiKey(ctx, secret))).account;
const under = (parentId: string) => write(ctx, {}, (tx) => createSubaccount(tx, { parentId, name: 'Sub' }));

test('the sandbox of an account and what is under it are of a sandbox; the account, and sandboxes of their own, are not', async () => {
  const alone = await createAccount(ctx, { name: 'Sandbox', kind: 'sandbox', currency: 'EUR' });
  const of = async (id: string) => [await isOfSandbox(ctx, id), await isOfSandbox(ctx, id)];
  assert.deepEqual(await of(sandbox.id), [true, true]);
  assert.deepEqual(await of((await under(sandbox.id)).id), [true, true]);
  assert.deepEqual(await of(owner.id), [false, false]);
  assert.deepEqual(await of((await under(owner.id)).id), [false, false]);
  assert.deepEqual(await of(alone.id), [false, false]);
});

test('an account that is not there yet is asked about again', async () => {
  let id = '';
  const made = write(ctx, {}, async (tx) => {
    id = (await createSubaccount(tx, { parentId: sandbox.id, name: 'Later' })).id;
    assert.equal(await isOfSandbox(ctx, id), false, 'nobody else sees it yet');
  });
  await made;
  assert.equal(await isOfSandbox(ctx, id), true);
});
