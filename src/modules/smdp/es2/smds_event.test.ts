import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { SmdsClient } from '../../smds/index.ts';
import { cancelOrder, confirmOrder, downloadOrder, releaseProfile, usePush } from '../index.ts';
import { callOf, makeRequester, makeStock } from '../testing/test_es2.ts';
import { createTestSmdp, eventTypesOf, profileRow } from '../testing/test_smdp.ts';

const smdp = createTestSmdp(await testDatabase());
const ctx = smdp.ctx();
const requester = await makeRequester(smdp);
const stock = await makeStock(smdp, { name: 'type-a', count: 50 });

/** An SM-DS elsewhere: what it has, and what happens while it is being called. */
const events = new Map<string, string>();
let meanwhile: (eventId: string) => Promise<void> = async () => {};
const client: SmdsClient = {
  async registerEvent(_address, { eid, eventId }) {
    await meanwhile(eventId);
    const known = events.has(eventId);
    events.set(eventId, eid);
    return known ? 'known' : 'registered';
  },
  async deleteEvent(_address, { eventId }) {
    events.delete(eventId);
  },
};
usePush(ctx, { smdp: ctx.smdp, smds: undefined, root: undefined, client });
beforeEach(() => {
  meanwhile = async () => {};
});

const call = () => callOf(requester, 'always');
const smdsAddress = 'smds.example.com';
let eids = 0;

async function linked() {
  const iccid = present(stock.pop(), 'stock');
  const eid = `8904903212345123451234567890${String(1000 + eids++)}`;
  await downloadOrder(ctx, call(), { iccid, eid });
  return { iccid, eid };
}
const confirm = (iccid: string, more: object = {}) =>
  confirmOrder(ctx, call(), { iccid, smdsAddress, releaseFlag: true, ...more });
const stateOf = async (iccid: string) => (await profileRow(smdp, iccid)).state;
const outOfReach = async () => {
  throw new RspError('smds_inaccessible');
};

test('a profile is released when the SM-DS has its event, and not before', async () => {
  const { iccid, eid } = await linked();
  meanwhile = async () => assert.equal(await stateOf(iccid), 'confirmed');
  const { matchingId } = await confirm(iccid);
  assert.equal(events.get(matchingId), eid);
  assert.equal(await stateOf(iccid), 'released');
  assert.deepEqual(await eventTypesOf(smdp, iccid), [
    'profile.allocated',
    'profile.confirmed',
    'profile.released',
  ]);
});

test('an empty matching id is made where an SM-DS needs one', async () => {
  const { iccid } = await linked();
  const { matchingId } = await confirm(iccid, { matchingId: '' });
  assert.match(matchingId, /^[0-9A-Z-]{23}$/);
  assert.ok(events.has(matchingId));
});

test('an SM-DS that fails leaves the order as it was, and the call may be made again', async () => {
  const { iccid } = await linked();
  const before = await profileRow(smdp, iccid);
  meanwhile = outOfReach;
  await assert.rejects(confirm(iccid), /smds_inaccessible/);
  assert.deepEqual(await profileRow(smdp, iccid), before);
  assert.deepEqual(await eventTypesOf(smdp, iccid), ['profile.allocated']);
  meanwhile = async () => {};
  await confirm(iccid);
  assert.equal(await stateOf(iccid), 'released');
});

test('a fault of ours while the SM-DS is called leaves the order as it was, too', async () => {
  const { iccid } = await linked();
  meanwhile = async () => {
    throw new Error('out of memory');
  };
  await assert.rejects(confirm(iccid), /out of memory/);
  assert.equal(await stateOf(iccid), 'linked');
});

test('a node that died while it called the SM-DS leaves an order that the repeated call finishes', async () => {
  const { iccid } = await linked();
  let left: Record<string, unknown> = {};
  meanwhile = async () => {
    left = { ...(await profileRow(smdp, iccid)) };
    throw new RspError('smds_inaccessible');
  };
  await assert.rejects(confirm(iccid));
  // As the node left it.
  await query(
    ctx.db,
    'update smdp.profiles set state = $2, matching_id = $3, smds_address = $4, es2_call = $5::jsonb where iccid = $1',
    [iccid, left['state'], left['matching_id'], left['smds_address'], JSON.stringify(left['es2_call'])],
  );
  meanwhile = async () => {};
  const { matchingId } = await confirm(iccid);
  assert.equal(matchingId, left['matching_id']);
  assert.ok(events.has(matchingId));
  assert.equal(await stateOf(iccid), 'released');
});

test('the same call again while the first one waits for the SM-DS gets the same answer', async () => {
  const { iccid } = await linked();
  let second: ReturnType<typeof confirm> | undefined;
  meanwhile = async () => {
    meanwhile = async () => {};
    second = confirm(iccid);
    await second;
  };
  const first = await confirm(iccid);
  assert.deepEqual(await second, first);
  assert.equal(await stateOf(iccid), 'released');
  assert.equal((await eventTypesOf(smdp, iccid)).filter((type) => type === 'profile.released').length, 1);
});

test('an order that is cancelled while its event is registered stays cancelled, and its event goes', async () => {
  const { iccid, eid } = await linked();
  meanwhile = () => cancelOrder(ctx, call(), { iccid, eid, finalProfileStatusIndicator: 'Unavailable' });
  await assert.rejects(confirm(iccid), /profile_state_invalid/);
  assert.equal(await stateOf(iccid), 'unavailable');
  const rows = await query<{ state: string }>(ctx.db, 'select state from smdp.smds_events where iccid = $1', [
    iccid,
  ]);
  assert.deepEqual(rows, [{ state: 'deleting' }]);
});

test('releaseProfile registers the event, and leaves the profile confirmed when the SM-DS fails', async () => {
  const { iccid, eid } = await linked();
  const { matchingId } = await confirm(iccid, { releaseFlag: false });
  assert.ok(!events.has(matchingId));
  meanwhile = outOfReach;
  await assert.rejects(releaseProfile(ctx, call(), { iccid }), /smds_inaccessible/);
  assert.equal(await stateOf(iccid), 'confirmed');
  meanwhile = async () => {};
  await releaseProfile(ctx, call(), { iccid });
  await releaseProfile(ctx, call(), { iccid });
  assert.equal(events.get(matchingId), eid);
  assert.equal(await stateOf(iccid), 'released');
});

test('a deleted profile that is released again is found through the SM-DS again', async () => {
  const { iccid } = await linked();
  const { matchingId } = await confirm(iccid);
  await query(ctx.db, "update smdp.profiles set state = 'deleted' where iccid = $1", [iccid]);
  await query(ctx.db, "update smdp.smds_events set state = 'deleted' where iccid = $1", [iccid]);
  events.delete(matchingId);
  await releaseProfile(ctx, call(), { iccid });
  assert.ok(events.has(matchingId));
});
