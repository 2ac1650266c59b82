import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { orderProfile } from '../sims/test_sims.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
const own = await orderProfile(door);
const { body: open } = await door.call('POST', '/ESimProfiles', { form: { GenerateMatchingId: true } });
const number = own.sid.slice(2);

for (const [name, sid] of [
  ['a SID that nobody has', `HP${'0'.repeat(32)}`],
  ['the prefix of a SIM', `HS${number}`],
  ['a prefix in small letters', `hp${number}`],
  ['our own id', `esm_${number}`],
  ['an ICCID', own.iccid],
  ['a short SID', own.sid.slice(0, -1)],
  ['nonsense', 'nonsense'],
] as const)
  test(`${name} is no profile`, async () => {
    const { status, body } = await door.call('GET', `/ESimProfiles/${sid}`);
    assert.deepEqual([status, body.code], [404, 20404]);
    assert.equal(body.message, `The requested resource /ESimProfiles/${sid} was not found`);
  });

for (const [name, { sid }] of [
  ['profile', own],
  ['order', open],
] as const)
  test(`another account's ${name} answers like one that does not exist`, async () => {
    for (const { auth } of [door.foreign, door.subaccount]) {
      const { status, body } = await door.call('GET', `/ESimProfiles/${sid}`, { auth });
      assert.deepEqual([status, body.code], [404, 20404]);
    }
  });
