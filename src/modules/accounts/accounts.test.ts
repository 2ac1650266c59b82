import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { authenticateApiKey, createAccount, createApiKey, listApiKeys, revokeApiKey } from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const account = await createAccount(ctx, { name: 'Test', kind: 'sandbox', currency: 'EUR' });
const other = await createAccount(ctx, { name: 'Other', kind: 'live', currency: 'USD' });

test('an API key opens its account with its scopes', async () => {
  const { key, secret } = await createApiKey(ctx, { accountId: account.id, name: 'k', scopes: ['read'] });
  const credential = await authenticateApiKey(ctx, secret);
  assert.equal(credential.account.id, account.id);
  assert.equal(credential.apiKeyId, key.id);
  assert.deepEqual(credential.scopes, ['read']);
});

test('the secret of an API key is nowhere in the database', async () => {
  const { secret } = await createApiKey(ctx, { accountId: account.id, name: 'k', scopes: ['read'] });
  const rows = await query<{ row: string }>(
    ctx.db,
    'select k::text as row from accounts.api_keys k union all select e::text from events.events e',
  );
  assert.ok(
    rows.length > 0 && rows.every(({ row }) => !row.includes(secret) && !row.includes(secret.slice(4))),
  );
});

test('a revoked key opens nothing from that moment on, though it was used a moment ago, and the others go on', async () => {
  const first = await createApiKey(ctx, { accountId: account.id, name: 'a', scopes: ['read'] });
  const second = await createApiKey(ctx, { accountId: account.id, name: 'b', scopes: ['read'] });
  await authenticateApiKey(ctx, first.secret);
  await revokeApiKey(ctx, { accountId: account.id, id: first.key.id });
  await assert.rejects(authenticateApiKey(ctx, first.secret), { code: 'unauthenticated' });
  await authenticateApiKey(ctx, second.secret);
  assert.ok((await revokeApiKey(ctx, { accountId: account.id, id: first.key.id })).revokedAt);
});

test('unknown, empty and expired secrets are refused alike', async () => {
  const { secret } = await createApiKey(ctx, {
    accountId: account.id,
    name: 'old',
    scopes: ['read'],
    expiresAt: new Date(ctx.now.getTime() - 1),
  });
  for (const each of [secret, '', 'ovr_unknown'])
    await assert.rejects(authenticateApiKey(ctx, each), { code: 'unauthenticated' });
});

test("another account's keys can neither be seen nor revoked", async () => {
  const { key } = await createApiKey(ctx, { accountId: other.id, name: 'theirs', scopes: ['read'] });
  await assert.rejects(revokeApiKey(ctx, { accountId: account.id, id: key.id }), { code: 'not_found' });
  assert.ok((await listApiKeys(ctx, account.id)).every((each) => each.accountId === account.id));
});
