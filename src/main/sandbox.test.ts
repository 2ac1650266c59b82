import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount } from '../modules/accounts/index.ts';
import {
  createProfileType,
  ensureTestProfileType,
  generateStock,
  listStockLevels,
  testProfileType,
} from '../modules/inventory/index.ts';
import { query } from '../pg/query.ts';
import { testCtx } from '../pg/test_ctx.ts';
import { testDatabase } from '../pg/test_database.ts';
import { write } from '../pg/write.ts';
import { refillTestSims } from './sandbox.ts';

async function open() {
  const ctx = testCtx(await testDatabase());
  const available = async () =>
    (await listStockLevels(ctx)).find(({ profileType }) => profileType === testProfileType)?.available;
  return { ctx, available };
}

test('where there are no test SIMs, none are made', async () => {
  const { ctx, available } = await open();
  await refillTestSims(ctx);
  assert.equal(await available(), undefined);
});

test('test SIMs of the whole installation are refilled to 1,000, and nobody is told', async () => {
  const { ctx, available } = await open();
  await write(ctx, {}, async (tx) => {
    const profileType = await ensureTestProfileType(tx, null);
    await generateStock(tx, { accountId: null, profileType, count: 3 });
  });
  await refillTestSims(ctx);
  assert.equal(await available(), 1_000);
  await refillTestSims(ctx);
  assert.equal(await available(), 1_000);
  assert.deepEqual(await query(ctx.db, 'select type from events.events'), []);
});

test('where the installation has its sandbox, there are 25,000', async () => {
  const { ctx, available } = await open();
  const { id } = await createAccount(ctx, { name: 'Sandbox', kind: 'sandbox', currency: 'EUR' });
  const profileType = await write(ctx, {}, (tx) => ensureTestProfileType(tx, id));
  for (const count of [10_000, 10_000, 4_500])
    await write(ctx, {}, (tx) => generateStock(tx, { accountId: id, profileType, count }));
  await refillTestSims(ctx);
  assert.equal(await available(), 25_000);
  const [last] = await query<{ account_id: string; size: string }>(
    ctx.db,
    "select account_id, data->>'size' as size from events.events where type = 'batch.created' order by position desc limit 1",
  );
  assert.deepEqual(last, { account_id: id, size: '500' });
});

test('what has the name of the test SIMs and is none is left alone', async () => {
  const { ctx, available } = await open();
  await write(ctx, {}, (tx) =>
    createProfileType(tx, 'acc_owner', {
      name: testProfileType,
      personalisation: 'full',
      metadata: { serviceProviderName: 'Live', profileName: 'Live', profileClass: 'operational' },
      core: 'open5gs',
    }),
  );
  await refillTestSims(ctx);
  assert.equal(await available(), 0);
});
