import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { profilesDueWork } from '../index.ts';
import {
  createTestSmdp,
  eventTypesOf,
  offerTo,
  profileRow,
  releaseTestProfile,
  testNow,
} from '../testing/test_smdp.ts';

const smdp = createTestSmdp(await testDatabase());
const later = (ms: number) => new Date(testNow.getTime() + ms);
const ctx = (now: Date) => ({ ...smdp.ctx(), now });
const work = profilesDueWork(smdp.ctx().smdp);

test('a profile that was not downloaded in time is withdrawn once, told, and then refused as expired', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp, { columns: { expires_at: later(1000) } });
  assert.deepEqual(await work.nextDueAt(ctx(testNow), 'acc_test'), later(1000));
  assert.equal(await work.runDue(ctx(later(999)), null), 0);
  assert.equal(await work.runDue(ctx(later(1000)), null), 1);
  assert.equal(await work.runDue(ctx(later(2000)), null), 0);
  assert.equal((await profileRow(smdp, iccid)).state, 'unavailable');
  assert.deepEqual(await eventTypesOf(smdp, iccid), ['profile.expired']);
  await assert.rejects(offerTo(smdp, { matchingId: matchingId ?? '' }), /download_order_expired/);
});

test('only the profiles of the account whose clock is moved expire with it', async () => {
  const { iccid } = await releaseTestProfile(smdp, { columns: { expires_at: later(5000) } });
  assert.equal(await work.runDue(ctx(later(9000)), 'acc_other'), 0);
  assert.equal((await profileRow(smdp, iccid)).state, 'released');
  assert.equal(await work.runDue(ctx(later(9000)), 'acc_test'), 1);
});

test('a profile without an end stays, and so does one that was downloaded', async () => {
  const open = await releaseTestProfile(smdp);
  const downloaded = await releaseTestProfile(smdp, {
    columns: { expires_at: later(1), state: 'downloaded' },
  });
  assert.equal(await work.runDue(ctx(later(9_000_000)), null), 0);
  assert.equal((await profileRow(smdp, open.iccid)).state, 'released');
  assert.equal((await profileRow(smdp, downloaded.iccid)).state, 'downloaded');
  assert.equal(await work.nextDueAt(ctx(testNow), 'acc_test'), null);
});
