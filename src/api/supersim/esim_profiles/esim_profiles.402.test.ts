import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutgoing, useOutgoing } from '../../../modules/webhooks/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
useOutgoing(door.core, createOutgoing({ allowedNetworks: ['127.0.0.0/8'] }));
const { foreign: poor } = door;

for (const [name, form] of [
  ['without a callback', {}],
  ['with a callback', { CallbackUrl: 'http://127.0.0.1:9/' }],
] as const)
  test(`an order that the balance does not cover is refused ${name}, and leaves nothing`, async () => {
    const { status, body } = await door.call('POST', '/ESimProfiles', {
      form: { GenerateMatchingId: true, ...form },
      auth: poor.auth,
    });
    assert.equal(status, 402);
    assert.match(body.message, /3\.00 USD/);
    const page = await door.call('GET', '/ESimProfiles', { auth: poor.auth });
    assert.deepEqual(page.body.esim_profiles, []);
    const targets = await query(door.ctx.db, 'select id from webhooks.targets');
    assert.deepEqual(targets, []);
  });
