import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listEvents } from '../events/index.ts';
import { createSims, getSim } from '../sims/index.ts';
import { bundlesDueWork, getBundle } from './index.ts';
import { type Assigned, assignTest, rateTest } from './test_assignment.ts';
import { at, testRecord } from './test_bundle.ts';

const ctx = testCtx(await testDatabase(), at(0));
const nowAt = (now: Date) => ({ ...ctx, now });
const bundle = (of: Assigned, index = 0) =>
  getBundle(ctx, { accountId: of.accountId, bundleId: of.ids[index] as string });
const states = async (of: Assigned) =>
  await Promise.all(of.ids.map(async (_, index) => (await bundle(of, index)).state));
const told = async ({ accountId }: Assigned) =>
  (await listEvents(ctx, { accountId, limit: 100 })).events.map(({ type }) => type);

test('a bundle without autostart starts by itself when it is assigned, and the next one when the first ends', async () => {
  const of = await assignTest(ctx, [{ autostart: false }, { autostart: false, validityDays: 3 }]);
  assert.deepEqual(await bundlesDueWork.nextDueAt(ctx, of.accountId), at(0));
  await bundlesDueWork.runDue(ctx, of.accountId);
  assert.deepEqual(await states(of), ['active', 'queued']);
  assert.deepEqual(await bundlesDueWork.nextDueAt(ctx, of.accountId), at(7));
  await bundlesDueWork.runDue(nowAt(at(7)), of.accountId);
  assert.deepEqual(await states(of), ['expired', 'active']);
  const { startsAt, endsAt } = await bundle(of, 1);
  assert.deepEqual([startsAt, endsAt], [at(7), at(10)]);
});

test('an activation date is kept to, however late the work is done', async () => {
  const of = await assignTest(ctx, [{}], { activatesAt: at(3) });
  assert.equal(await bundlesDueWork.runDue(nowAt(at(2)), of.accountId), 0);
  await bundlesDueWork.runDue(nowAt(at(4, 5)), of.accountId);
  const { state, startsAt, endsAt } = await bundle(of);
  assert.deepEqual([state, startsAt, endsAt], ['active', at(3), at(10)]);
});

test('what is long overdue happens at its own moments, in their order, once', async () => {
  const of = await assignTest(ctx, [{ autostart: false }, { autostart: false }, { lapseDays: 30 }]);
  while ((await bundlesDueWork.runDue(nowAt(at(60)), of.accountId)) > 0);
  assert.deepEqual(await states(of), ['expired', 'expired', 'lapsed']);
  assert.deepEqual((await bundle(of, 1)).endedAt, at(14));
  assert.deepEqual((await told(of)).slice(3), [
    'bundle.started',
    'bundle.expired',
    'bundle.started',
    'bundle.expired',
    'bundle.lapsed',
  ]);
  assert.equal(await bundlesDueWork.nextDueAt(ctx, of.accountId), null);
});

test('an activation date later than the lapse moves the lapse behind it', async () => {
  const of = await assignTest(ctx, [{ lapseDays: 10 }], { activatesAt: at(100) });
  assert.deepEqual((await bundle(of)).lapsesAt, at(110));
});

test('speed comes back with the next day of the bundle, and the line is told', async () => {
  const fairUse = [{ afterBytes: 100n, speedKbps: 512 }];
  const of = await assignTest(ctx, [{ unlimited: true, dataBytes: null, fairUse }]);
  await write(ctx, {}, (tx) =>
    createSims(tx, [
      {
        accountId: of.accountId,
        esimId: of.esimId,
        iccid: '8988247000100000001',
        imsi: '999700000000001',
        msisdn: null,
        core: 'simulated',
        status: 'ready',
      },
    ]),
  );
  const speed = async () => (await getSim(ctx, { accountId: of.accountId, key: of.esimId })).speedKbps;
  await rateTest(nowAt(at(0, 5)), of, [testRecord(at(0, 4), 150)]);
  assert.deepEqual([await speed(), (await bundle(of)).speedKbps], [512, 512]);
  assert.deepEqual(await bundlesDueWork.nextDueAt(ctx, of.accountId), at(1, 4));
  await bundlesDueWork.runDue(nowAt(at(1, 4)), null);
  assert.deepEqual([await speed(), (await bundle(of)).speedKbps], [null, null]);
  assert.ok((await told(of)).includes('bundle.speed_restored'));
});

test('several nodes at once move each bundle once', async () => {
  const lines = await Promise.all(
    Array.from({ length: 30 }, () => assignTest(ctx, [{ autostart: false }, { autostart: false }])),
  );
  const rounds = Array.from({ length: 4 }, async () => {
    while ((await bundlesDueWork.runDue(nowAt(at(7)), null)) > 0);
  });
  await Promise.all(rounds);
  while ((await bundlesDueWork.runDue(nowAt(at(7)), null)) > 0);
  for (const of of lines) {
    assert.deepEqual(await states(of), ['expired', 'active']);
    assert.equal((await told(of)).filter((type) => type === 'bundle.started').length, 2);
  }
});

test('a line that is being rated is left alone, and rating does what was due', async () => {
  const of = await assignTest(ctx, [{ autostart: false }]);
  await write(ctx, {}, async (tx) => {
    await query(tx.db, 'select from bundles.bundles where id = $1 for update', [of.ids[0]]);
    assert.equal(await bundlesDueWork.runDue(nowAt(at(1)), of.accountId), 0);
  });
  await rateTest(nowAt(at(1)), of, [testRecord(at(0, 20), 5)]);
  assert.deepEqual((await bundle(of)).startsAt, at(0));
});
