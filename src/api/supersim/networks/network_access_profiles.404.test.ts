import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { account, foreign, call } = await openSuperSim(await testDatabase());
const path = '/NetworkAccessProfiles';
const [kpn, telekom] = ['20408', '26201'].map((code) =>
  writeSid('network', networkByCode(code.slice(0, 3), code.slice(3))!.id),
) as [string, string];
const { body: profile } = await call('POST', path, { form: { UniqueName: 'nap', Networks: kpn } });

for (const [what, key, auth] of [
  ['an unknown SID', `HA${'0'.repeat(32)}`, account.auth],
  ['an unknown name', 'nobody', account.auth],
  ['a SID of another kind', profile.sid.replace('HA', 'HF'), account.auth],
  ['the SID of a foreign one', profile.sid, foreign.auth],
  ['the name of a foreign one', 'nap', foreign.auth],
] as const)
  test(`by ${what} nothing of a profile is seen or changed`, async () => {
    const refused = await Promise.all([
      call('GET', `${path}/${key}`, { auth }),
      call('POST', `${path}/${key}`, { form: { UniqueName: 'stolen' }, auth }),
      call('GET', `${path}/${key}/Networks`, { auth }),
      call('GET', `${path}/${key}/Networks/${kpn}`, { auth }),
      call('POST', `${path}/${key}/Networks`, { form: { Network: telekom }, auth }),
      call('DELETE', `${path}/${key}/Networks/${kpn}`, { auth }),
    ]);
    for (const { status, body } of refused) assert.deepEqual([status, body.code], [404, 20404]);
    const { body } = await call('GET', `${path}/nap/Networks`);
    assert.deepEqual(
      body.networks.map((each: { sid: string }) => each.sid),
      [kpn],
    );
  });

for (const [what, sid] of [
  ['that is not in it', telekom],
  ['that does not exist', `HW${'0'.repeat(32)}`],
  ['by a SID of another kind', kpn.replace('HW', 'HA')],
] as const)
  test(`a profile has no network ${what}`, async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await call(method, `${path}/nap/Networks/${sid}`);
      assert.deepEqual([status, body.code], [404, 20404]);
    }
  });
