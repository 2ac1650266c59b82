import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  createProfileType,
  ensureTestProfileType,
  findProfileType,
  generateStock,
  listProfileTypeOwners,
  testProfileType,
} from './index.ts';

const events = (ctx: ReturnType<typeof testCtx>) =>
  query<{ type: string; account_id: string }>(ctx.db, 'select type, account_id from events.events');

test('the profile type of test SIMs is made once, however many nodes ask at once, and is nobody’s', async () => {
  const database = await testDatabase();
  const nodes = Array.from({ length: 6 }, () => testCtx(database));
  const types = await Promise.all(
    nodes.map((ctx) => write(ctx, {}, (tx) => ensureTestProfileType(tx, null))),
  );
  assert.equal(new Set(types.map(({ id }) => id)).size, 1);
  assert.deepEqual([types[0]?.accountId, types[0]?.name], [null, testProfileType]);
  const ctx = testCtx(database);
  assert.deepEqual(await listProfileTypeOwners(ctx), []);
  const [profileType = assert.fail()] = types;
  await write(ctx, {}, (tx) => generateStock(tx, { accountId: null, profileType, count: 2 }));
  assert.deepEqual(await events(ctx), [], 'nobody is told');
});

test('one that is made in a transaction that is undone is not there afterwards', async () => {
  const ctx = testCtx(await testDatabase());
  const undone = write(ctx, {}, async (tx) => {
    await ensureTestProfileType(tx, null);
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  assert.equal(await findProfileType(ctx, testProfileType), undefined);
  const { accountId } = await write(ctx, {}, (tx) => ensureTestProfileType(tx, 'acc_owner'));
  assert.equal(accountId, 'acc_owner');
  assert.deepEqual(await events(ctx), [{ type: 'profile_type.created', account_id: 'acc_owner' }]);
});

test('a profile type of live SIMs that has its name is not taken for it', async () => {
  const ctx = testCtx(await testDatabase());
  await write(ctx, {}, (tx) =>
    createProfileType(tx, 'acc_owner', {
      name: testProfileType,
      personalisation: 'full',
      metadata: { serviceProviderName: 'Live', profileName: 'Live', profileClass: 'operational' },
      core: 'open5gs',
    }),
  );
  await assert.rejects(
    write(ctx, {}, (tx) => ensureTestProfileType(tx, null)),
    { code: 'conflict' },
  );
});
