import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import {
  expireProfile,
  type OperatedProfile,
  type OperatorCtx,
  pushEvents,
  rebindProfile,
  releaseAgain,
  resetProfile,
} from '../index.ts';
import { createTestPush, eventIdsOf, ownSmds } from '../push/test_push.ts';
import { releaseTestProfile } from '../testing/test_smdp.ts';

const push = createTestPush(await testDatabase());
const accountId = 'acc_test';
let count = 0;
const newEid = () => completeEid(`8904903200000100000000000001${String(++count).padStart(2, '0')}`);
const act = async (run: (tx: OperatorCtx) => Promise<OperatedProfile>): Promise<OperatedProfile> => {
  const ctx = push.ctx();
  const changed = await write(ctx, {}, (tx) => run({ ...tx, smdp: ctx.smdp }));
  while ((await pushEvents(push.ctx())) > 0);
  return changed;
};
const release = async (eid: string) => {
  const { iccid, matchingId } = await releaseTestProfile(push, { delivery: 'smds', eid });
  return { iccid, matchingId, of: { accountId, iccid } };
};
const endAs = async (state: string, iccid: string) => {
  await query(push.ctx().db, 'update smdp.profiles set state = $2 where iccid = $1', [iccid, state]);
  await query(
    push.ctx().db,
    "update smdp.smds_events set state = 'deleting', due_at = 'epoch' where iccid = $1",
    [iccid],
  );
  while ((await pushEvents(push.ctx())) > 0);
};

test('bound to another EID, a profile has its event there under a new id, and those who follow it are told', async () => {
  const [before, after] = [newEid(), newEid()];
  const { iccid, matchingId, of } = await release(before);
  const changed = await act((tx) => rebindProfile(tx, { ...of, eid: after }));
  assert.deepEqual(await eventIdsOf(push, before), []);
  assert.deepEqual(await eventIdsOf(push, after), [changed.matchingId]);
  assert.notEqual(changed.matchingId, matchingId);
  const move = push.moves.filter((each) => each.iccid === iccid).at(-1);
  assert.deepEqual([move?.eid, move?.matchingId], [after, changed.matchingId]);
});

test('bound to no EID, a profile has no event any more, and keeps its matching id', async () => {
  const eid = newEid();
  const { matchingId, of } = await release(eid);
  const changed = await act((tx) => rebindProfile(tx, { ...of, eid: null }));
  assert.deepEqual([changed.smdsAddress, changed.matchingId], [null, matchingId]);
  assert.deepEqual(await eventIdsOf(push, eid), []);
});

for (const [what, state, run] of [
  ['reset', 'error', resetProfile],
  ['released again', 'deleted', releaseAgain],
] as const)
  test(`${what} for the same EID, a profile is announced again under the matching id that its code has`, async () => {
    const eid = newEid();
    const { iccid, matchingId, of } = await release(eid);
    await endAs(state, iccid);
    assert.deepEqual(await eventIdsOf(push, eid), []);
    const changed = await act((tx) => run(tx, of));
    assert.deepEqual([changed.matchingId, changed.smdsAddress], [matchingId, ownSmds]);
    assert.deepEqual(await eventIdsOf(push, eid), [matchingId]);
  });

test('released again for another EID, a profile is announced there', async () => {
  const [before, after] = [newEid(), newEid()];
  const { iccid, of } = await release(before);
  await endAs('deleted', iccid);
  const changed = await act((tx) => releaseAgain(tx, { ...of, eid: after }));
  assert.deepEqual(
    [await eventIdsOf(push, before), await eventIdsOf(push, after)],
    [[], [changed.matchingId]],
  );
});

test('an expired profile is not announced any more; a reset of one that is offered changes no event', async () => {
  const eid = newEid();
  const { matchingId, of } = await release(eid);
  await act((tx) => resetProfile(tx, of));
  assert.deepEqual(await eventIdsOf(push, eid), [matchingId]);
  await act((tx) => expireProfile(tx, of));
  assert.deepEqual(await eventIdsOf(push, eid), []);
});
