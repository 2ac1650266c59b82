import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { newId } from '../../base/ids.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { spendRequest } from './rate_limit.ts';

const database = await testDatabase();
const ctx = { ...testCtx(database), db: database.relaxed };
const perSecond = 5;

test('a key may make as many requests at once as it may make in a second, and not one more', async () => {
  const apiKeyId = await newKey();
  for (let n = 1; n < perSecond; n++) await spendRequest(ctx, { apiKeyId, perSecond });
  await assert.rejects(spendRequest(ctx, { apiKeyId, perSecond }), {
    code: 'rate_limited',
    retryAfterSeconds: 1,
  });
});

test('many requests at once get no more than there are', async () => {
  const apiKeyId = await newKey();
  const spent = await Promise.all(Array.from({ length: 60 }, () => isAllowed(apiKeyId)));
  assert.equal(spent.filter(Boolean).length, perSecond - 1);
});

test('requests come back with time, also after refusals, and never more than fit in a second', async () => {
  const apiKeyId = await newKey();
  for (const [interval, allowed] of [
    ['0.1 seconds', 0],
    ['0.6 seconds', 1],
    ['1 day', 2],
  ] as const) {
    await setBucket(apiKeyId, { tokens: 0, filled: `-${interval}` });
    const first = await isAllowed(apiKeyId, 2);
    if (first) await stopFilling(apiKeyId);
    const others = [await isAllowed(apiKeyId, 2), await isAllowed(apiKeyId, 2)];
    assert.equal([first, ...others].filter(Boolean).length, allowed, interval);
  }
});

test('a key takes nothing from another one', async () => {
  const [one, other] = [await newKey(), await newKey()];
  while (await isAllowed(one));
  assert.equal(await isAllowed(other), true);
});

/** A key that made its first request, and whose bucket does not refill. */
async function newKey(): Promise<string> {
  const apiKeyId = newId('apiKey');
  await spendRequest(ctx, { apiKeyId, perSecond });
  await stopFilling(apiKeyId);
  return apiKeyId;
}

/** It was last filled in a time to come. */
async function stopFilling(apiKeyId: string): Promise<void> {
  await setBucket(apiKeyId, { tokens: null, filled: '1 hour' });
}

async function setBucket(
  apiKeyId: string,
  { tokens, filled }: { tokens: number | null; filled: string },
): Promise<void> {
  await query(
    ctx.db,
    `update accounts.rate_limits set refilled_at = clock_timestamp() + $2::interval,
       tokens = coalesce($3::double precision, tokens) where api_key_id = $1`,
    [apiKeyId, filled, tokens],
  );
}

async function isAllowed(apiKeyId: string, allowed = perSecond): Promise<boolean> {
  try {
    await spendRequest(ctx, { apiKeyId, perSecond: allowed });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'rate_limited') return false;
    throw error;
  }
}
