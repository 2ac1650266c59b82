import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  authenticateApiKey,
  authenticateApiKeyId,
  createAccount,
  createApiKey,
  createSubaccount,
  revokeApiKey,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const parent = await createAccount(ctx, { name: 'Parent', kind: 'sandbox', currency: 'EUR' });
const stranger = await createAccount(ctx, { name: 'Stranger', kind: 'sandbox', currency: 'EUR' });
const child = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: parent.id, name: 'Child' }));
const newKey = (expiresAt?: Date) =>
  write(ctx, {}, (tx) =>
    createApiKey(tx, { accountId: parent.id, name: 'k', scopes: ['read'], ...(expiresAt && { expiresAt }) }),
  );
const { key, secret } = await newKey();

test('the id of a key gives the credential that its secret gives', async () => {
  assert.deepEqual(await authenticateApiKeyId(ctx, key.id), await authenticateApiKey(ctx, secret));
  assert.deepEqual(
    await authenticateApiKeyId(ctx, key.id, child.id),
    await authenticateApiKey(ctx, secret, child.id),
  );
});

test('an id acts for its own account and its subaccounts only', async () => {
  await assert.rejects(authenticateApiKeyId(ctx, key.id, stranger.id), { code: 'not_found' });
});

test('a key is not found by what is not its id', async () => {
  for (const id of [newId('apiKey'), secret, child.id, ''])
    await assert.rejects(authenticateApiKeyId(ctx, id), { code: 'unauthenticated' });
});

test('the id of a key is no secret of it', async () => {
  await authenticateApiKeyId(ctx, key.id);
  await assert.rejects(authenticateApiKey(ctx, key.id), { code: 'unauthenticated' });
});

test('the id of a revoked key, and of an expired one, opens nothing', async () => {
  const revoked = (await newKey()).key;
  await authenticateApiKeyId(ctx, revoked.id);
  await write(ctx, {}, (tx) => revokeApiKey(tx, { accountId: parent.id, id: revoked.id }));
  await assert.rejects(authenticateApiKeyId(ctx, revoked.id), { code: 'unauthenticated' });
  const expired = (await newKey(new Date(ctx.now.getTime() - 1))).key;
  await assert.rejects(authenticateApiKeyId(ctx, expired.id), { code: 'unauthenticated' });
});
