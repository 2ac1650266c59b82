import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateSim } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim } from '../test_supersim.ts';
import { newSim } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
const own = await newSim(door);
const theirs = await newSim(door, { of: door.foreign });
await write(door.ctx, {}, (tx) =>
  updateSim(tx, { accountId: door.foreign.account.id, key: theirs.id, uniqueName: 'theirs' }),
);

for (const [name, key] of [
  ['a SID that nobody has', `HS${'0'.repeat(32)}`],
  ['the prefix of a profile', `HP${own.sid.slice(2)}`],
  ["another account's SIM", theirs.sid],
  ["another account's unique name", 'theirs'],
  ['a name that no SIM has', 'nobody'],
] as const)
  test(`${name} is not found, not changed, and has no lists`, async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', '/BillingPeriods'],
      ['GET', '/IpAddresses'],
    ] as const) {
      const form = method === 'POST' ? { form: { Status: 'active' } } : {};
      const { status, body } = await door.call(method, `/Sims/${key}${path}`, form);
      assert.deepEqual([status, body.code], [404, 20404]);
      assert.equal(body.message, `The requested resource /Sims/${key}${path} was not found`);
    }
  });

test('an unknown SIM is not found before its callback is looked at', async () => {
  const form = { CallbackUrl: 'nowhere' };
  const { status } = await door.call('POST', `/Sims/HS${'0'.repeat(32)}`, { form });
  assert.equal(status, 404);
});

for (const Fleet of [`HF${'0'.repeat(32)}`, `HA${'0'.repeat(32)}`, 'no fleet'])
  test(`the fleet ${Fleet.slice(0, 8)} is not found, and nothing of the form is done`, async () => {
    const form = { Fleet, UniqueName: 'named', Status: 'active' };
    const { status, body } = await door.call('POST', `/Sims/${own.sid}`, { form });
    assert.deepEqual([status, body.code], [404, 83006]);
    const seen = (await door.call('GET', `/Sims/${own.sid}`)).body;
    assert.deepEqual([seen.unique_name, seen.status], [null, 'new']);
  });
