import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { call } = await openSuperSim(await testDatabase());
const sids = ['08', '16'].map((mnc) => writeSid('network', networkByCode('204', mnc)!.id));

test('a network is taken out of a profile, by the name of the profile too, and the others stay', async () => {
  const form = { UniqueName: 'shrinking', Networks: sids };
  const { body: profile } = await call('POST', '/NetworkAccessProfiles', { form });
  for (const [key, sid] of [
    ['shrinking', sids[0]],
    [profile.sid, sids[1]],
  ]) {
    const path = `/NetworkAccessProfiles/${key}/Networks/${sid}`;
    const { status, body } = await call('DELETE', path);
    assert.deepEqual([status, body], [204, undefined]);
    assert.equal((await call('GET', path)).status, 404);
    const { body: left } = await call('GET', `/NetworkAccessProfiles/${key}/Networks`);
    assert.deepEqual(
      left.networks.map((each: { sid: string }) => each.sid),
      key === 'shrinking' ? [sids[1]] : [],
    );
  }
});
