import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { usePush } from '../../../modules/smdp/index.ts';
import type { Smds } from '../../../modules/smds/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openConnect } from '../test_connect.ts';
import { moveSim, newSim } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { call, ctx } = door;
let eids = 0;
const newEid = () => completeEid(`8904903200000100000000000003${String(++eids).padStart(2, '0')}`);

test('a SIM is told under both spellings of its members, without an EID until it has one', async () => {
  const { sim } = await newSim(door);
  const { status, body } = await call('GET', `/v1/sim/${sim.iccid}`);
  assert.equal(status, 200);
  const { last_modified: modified, ...rest } = body;
  assert.match(modified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(rest, {
    iccid: sim.iccid,
    matching_id: sim.matchingId,
    matchingId: sim.matchingId,
    status: 'Released',
    profileStatus: 'Released',
    lpa_url: `LPA:1$${sim.smdpAddress}$${sim.matchingId}`,
  });
  for (const path of [`/v1/sims/${sim.iccid}/`, `/v1/status/sim?iccid=${sim.iccid}/`])
    assert.deepEqual((await call('GET', path)).body, body);
});

test('its status follows the device: Released, Downloaded, Installed with an EID, Unavailable', async () => {
  const { sim } = await newSim(door);
  const eid = newEid();
  const seen = [];
  for (const to of ['downloaded', 'installed', 'deleted'] as const) {
    await moveSim(ctx, sim, { to, ...(to === 'installed' && { eid }) });
    const { body } = await call('GET', `/v1/sim/${sim.iccid}`);
    seen.push([body.status, body.profileStatus, body.eid]);
  }
  assert.deepEqual(seen, [
    ['Downloaded', 'Downloaded', undefined],
    ['Installed', 'Installed', eid],
    ['Unavailable', 'Unavailable', eid],
  ]);
  const { sim: failed } = await newSim(door);
  await moveSim(ctx, failed, { to: 'error', detail: 'no' });
  assert.equal((await call('GET', `/v1/sim/${failed.iccid}`)).body.status, 'Unavailable');
});

const smdsAddress = 'smds.shop.example';
/** Registers in the transaction, as an SM-DS of this installation does. */
const withSmds = () =>
  usePush(ctx, {
    smdp: { address: 'smdp.shop.example', identities: [] },
    smds: { address: smdsAddress, root: undefined, ownAddresses: new Set([smdsAddress]) } as unknown as Smds,
    root: undefined,
    client: { registerEvent: () => assert.fail('elsewhere'), deleteEvent: () => assert.fail('elsewhere') },
  });
const eventIds = async (eid: string) =>
  (await query<{ event_id: string }>(ctx.db, 'select event_id from smds.events where eid = $1', [eid])).map(
    ({ event_id }) => event_id,
  );

test('an EID binds a SIM that is Released: its device finds it without a code, and once more when asked again', async () => {
  withSmds();
  const { sim } = await newSim(door);
  const eid = newEid();
  const put = (body: object) => call('PUT', `/v1/sim/${sim.iccid}`, { body });
  const { status, body } = await put({ eid });
  assert.deepEqual([status, body.eid, body.status], [200, eid, 'Released']);
  assert.deepEqual(await eventIds(eid), [body.matchingId]);
  assert.deepEqual((await put({ eid })).body.matchingId, body.matchingId);
  const other = newEid();
  const moved = await put({ eid: other });
  assert.deepEqual([await eventIds(other), moved.body.eid], [[moved.body.matchingId], other]);
  assert.equal(moved.body.lpa_url, `LPA:1$${sim.smdpAddress}$${moved.body.matchingId}`);
});

test('a SIM that was deleted from its device is Released again for the EID', async () => {
  withSmds();
  const { sim } = await newSim(door);
  const eid = newEid();
  await query(ctx.db, "update smdp.profiles set state = 'deleted' where iccid = $1", [sim.iccid]);
  await moveSim(ctx, sim, { to: 'installed' });
  await moveSim(ctx, sim, { to: 'deleted' });
  assert.equal((await call('GET', `/v1/sim/${sim.iccid}`)).body.status, 'Unavailable');
  const { status, body } = await call('PUT', `/v1/sims/${sim.iccid}`, { body: { eid } });
  assert.deepEqual([status, body.status, body.eid], [200, 'Released', eid]);
  assert.deepEqual(await eventIds(eid), [body.matchingId]);
});
