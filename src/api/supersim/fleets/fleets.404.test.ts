import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { account, foreign, subaccount, call } = await openSuperSim(await testDatabase());
await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap' } });
const theirNap = await call('POST', '/NetworkAccessProfiles', {
  form: { UniqueName: 'theirs' },
  auth: foreign.auth,
});
const form = { NetworkAccessProfile: 'nap', UniqueName: 'mine' };
const { body: fleet } = await call('POST', '/Fleets', { form });

for (const [what, key, auth] of [
  ['an unknown SID', `HF${'0'.repeat(32)}`, account.auth],
  ['an unknown name', 'nobody', account.auth],
  ['a SID of another kind', fleet.sid.replace('HF', 'HA'), account.auth],
  ['our own kind of id', 'flt_', account.auth],
  ['the SID of a foreign fleet', fleet.sid, foreign.auth],
  ['the name of a foreign fleet', 'mine', foreign.auth],
  ["the SID of the parent's fleet", fleet.sid, subaccount.auth],
] as const)
  test(`there is no fleet by ${what}, neither to see nor to change`, async () => {
    for (const method of ['GET', 'POST'] as const) {
      const { status, body } = await call(method, `/Fleets/${key}`, { auth });
      assert.deepEqual(
        [status, body.code, body.message],
        [404, 20404, `The requested resource /Fleets/${key} was not found`],
      );
    }
  });

for (const [what, NetworkAccessProfile] of [
  ['an unknown', 'nowhere'],
  ['a foreign', theirNap.body.sid],
  ['the name of a foreign', 'theirs'],
] as const)
  test(`no fleet has ${what} network access profile`, async () => {
    for (const path of ['/Fleets', `/Fleets/${fleet.sid}`]) {
      const { status, body } = await call('POST', path, { form: { NetworkAccessProfile } });
      assert.deepEqual([status, body.code], [404, 20404]);
      assert.match(body.message, /NetworkAccessProfile/);
    }
  });
