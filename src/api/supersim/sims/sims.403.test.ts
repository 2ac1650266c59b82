import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { orderProfile } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
const profile = await orderProfile(door);
const key = await door.newKey(['read', 'lines:write']);

test('a key that may change lines but not accounts does not move a SIM', async () => {
  const { auth } = key;
  const path = `/Sims/${profile.sim_sid}`;
  const moved = await door.call('POST', path, { form: { AccountSid: door.subaccount.sid }, auth });
  assert.deepEqual([moved.status, moved.body.code], [403, 20006]);
  assert.equal((await door.call('GET', path, { auth })).body.account_sid, door.account.sid);
  const named = await door.call('POST', path, {
    form: { AccountSid: door.account.sid, UniqueName: 'ok' },
    auth,
  });
  assert.equal(named.status, 200);
});

test('a key that may only read orders, registers and changes nothing', async () => {
  const { auth } = await door.newKey(['read']);
  for (const path of ['/ESimProfiles', '/Sims', `/Sims/${profile.sim_sid}`])
    assert.equal((await door.call('POST', path, { form: { GenerateMatchingId: true }, auth })).status, 403);
});

test("a subaccount's key does not move a SIM up to its parent", async () => {
  const { subaccount } = door;
  const { sim_sid } = await orderProfile(door, {}, subaccount);
  const form = { AccountSid: door.account.sid };
  const { status, body } = await door.call('POST', `/Sims/${sim_sid}`, { form, auth: subaccount.auth });
  assert.deepEqual([status, body.code], [400, 20409]);
});
