import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { pushEvents, pushProfile } from '../index.ts';
import { createTestPush, eventIdsOf, ownSmds } from '../push/test_push.ts';
import { releaseTestProfile } from '../testing/test_smdp.ts';

const push = createTestPush(await testDatabase());
const accountId = 'acc_test';
let count = 0;
const newEid = () => completeEid(`8904903200000100000000000002${String(++count).padStart(2, '0')}`);
const pushTo = async (iccid: string, eid: string) => {
  const ctx = push.ctx();
  const pushed = await write(ctx, {}, (tx) =>
    pushProfile({ ...tx, smdp: ctx.smdp }, { accountId, iccid, eid }),
  );
  while ((await pushEvents(push.ctx())) > 0);
  return pushed;
};
const setState = (iccid: string, state: string) =>
  query(push.ctx().db, 'update smdp.profiles set state = $2 where iccid = $1', [iccid, state]);

test('a profile that was offered by its code alone is announced to the eUICC, and its code still works there', async () => {
  const eid = newEid();
  const { iccid, matchingId } = await releaseTestProfile(push, {});
  const pushed = await pushTo(iccid, eid);
  assert.deepEqual([pushed.eid, pushed.smdsAddress, pushed.matchingId], [eid, ownSmds, matchingId]);
  assert.deepEqual(await eventIdsOf(push, eid), [matchingId]);
});

test('pushed to another eUICC, it is found there and no longer at the first', async () => {
  const [first, second] = [newEid(), newEid()];
  const { iccid } = await releaseTestProfile(push, { delivery: 'smds', eid: first });
  const { matchingId } = await pushTo(iccid, second);
  assert.deepEqual([await eventIdsOf(push, first), await eventIdsOf(push, second)], [[], [matchingId]]);
});

test('pushed to the eUICC that it is meant for, it is announced anew when its event was lost', async () => {
  const eid = newEid();
  const { iccid, matchingId } = await releaseTestProfile(push, { delivery: 'smds', eid });
  await query(push.ctx().db, 'delete from smds.events where eid = $1', [eid]);
  assert.equal((await pushTo(iccid, eid)).matchingId, matchingId);
  await pushTo(iccid, eid);
  assert.deepEqual(await eventIdsOf(push, eid), [matchingId]);
});

test('a deleted profile is released again for the eUICC, with an event before or without', async () => {
  for (const delivery of ['smds', 'activation_code'] as const) {
    const [first, second] = [newEid(), newEid()];
    const { iccid } = await releaseTestProfile(push, { delivery, eid: first });
    await setState(iccid, 'deleted');
    const pushed = await pushTo(iccid, second);
    assert.deepEqual([pushed.state, pushed.eid, pushed.smdsAddress], ['released', second, ownSmds]);
    assert.deepEqual(await eventIdsOf(push, second), [pushed.matchingId]);
  }
});

test('what a device holds, and what is no EID, is refused and announced nowhere', async () => {
  const eid = newEid();
  const { iccid } = await releaseTestProfile(push, {});
  await assert.rejects(pushTo(iccid, `${eid.slice(0, -1)}x`), { code: 'invalid_request' });
  await setState(iccid, 'installed');
  await assert.rejects(pushTo(iccid, eid), { code: 'conflict' });
  await assert.rejects(pushTo('8900000000000000000', eid), { code: 'not_found' });
  assert.deepEqual(await eventIdsOf(push, eid), []);
});

test('without an SM-DS a profile is bound and announced nowhere', async () => {
  const alone = createTestPush(await testDatabase(), { withSmds: false });
  const { iccid, matchingId } = await releaseTestProfile(alone, {});
  const ctx = alone.ctx();
  const eid = newEid();
  const pushed = await write(ctx, {}, (tx) =>
    pushProfile({ ...tx, smdp: ctx.smdp }, { accountId, iccid, eid }),
  );
  assert.deepEqual([pushed.eid, pushed.smdsAddress, pushed.matchingId], [eid, null, matchingId]);
});
