import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { newCards, newSim } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());

for (const [name, form, named] of [
  ['without an ICCID', 'RegistrationCode=H3LL0W0RLD', /Iccid: required/],
  ['without a code', 'Iccid=8999701000000000015', /RegistrationCode: required/],
  ['with nothing', '', /Iccid: required; RegistrationCode: required/],
  ['with an empty code', 'Iccid=8999701000000000015&RegistrationCode=', /RegistrationCode: give a value/],
  ['with two ICCIDs', 'Iccid=1&Iccid=2&RegistrationCode=H3LL0W0RLD', /Iccid: give it once/],
] as const)
  test(`a SIM is not registered ${name}`, async () => {
    const { status, body } = await door.call('POST', '/Sims', { form });
    assert.deepEqual([status, body.code], [400, 83001]);
    assert.match(body.message, named);
  });

test('an unknown card and a wrong code are refused alike, and after ten wrong codes the right one is too', async () => {
  const [form] = await newCards(door, 1);
  const card = present(form, 'a card');
  const register = async (given: object) =>
    (await door.call('POST', '/Sims', { form: { ...card, ...given } })).body;
  const unknown = await register({ Iccid: '8999701999999999999' });
  assert.deepEqual([unknown.status, unknown.code], [400, 83002]);
  for (let n = 0; n < 10; n++) assert.deepEqual(await register({ RegistrationCode: 'H3LL0W0RLD' }), unknown);
  assert.deepEqual(await register({}), unknown);
});

const sim = await newSim(door);

for (const [name, form, code, named] of [
  ['an unknown status', 'Status=paused', 20001, /Status: give ready, active, inactive/],
  ['a status that nobody may ask for', 'Status=new', 20001, /Status: /],
  ['the status of our own that the vendor has not', 'Status=ended', 20001, /Status: /],
  ['a status twice', 'Status=ready&Status=active', 20001, /Status: /],
  ['a name of digits only', 'UniqueName=12345', 20001, /UniqueName: /],
  ['a name that looks like a SID', `UniqueName=HS${'0'.repeat(32)}`, 20001, /UniqueName: /],
  ['a name that looks like an id of ours', 'UniqueName=sim_1', 20001, /UniqueName: /],
  ['a name that is too long', `UniqueName=${'x'.repeat(65)}`, 20001, /UniqueName: /],
  ['a name twice', 'UniqueName=a&UniqueName=b', 20001, /UniqueName: /],
  ['a fleet twice', 'Fleet=a&Fleet=b', 20001, /Fleet: /],
  ['a callback that is no URL', 'CallbackUrl=nowhere', 20001, /CallbackUrl: /],
  ['a callback into our network', 'CallbackUrl=http%3A%2F%2F10.0.0.1%2F', 20001, /CallbackUrl: /],
  ['a callback by PUT', 'CallbackMethod=PUT', 20001, /CallbackMethod: give GET or POST/],
  ['an AccountSid that is none', 'AccountSid=me', 20001, /AccountSid: /],
  ['the account of somebody else', `AccountSid=${door.foreign.sid}`, 20409, /AccountSid: /],
  ['an account that is not there', `AccountSid=AC${'0'.repeat(32)}`, 20409, /AccountSid: /],
] as const)
  test(`${name} is refused, naming it, and nothing changes`, async () => {
    const { body: before } = await door.call('GET', `/Sims/${sim.sid}`);
    const { status, body } = await door.call('POST', `/Sims/${sim.sid}`, { form });
    assert.deepEqual([status, body.code], [400, code]);
    assert.match(body.message, named);
    assert.deepEqual((await door.call('GET', `/Sims/${sim.sid}`)).body, before);
  });

test('lists refuse what they cannot read', async () => {
  const place = `PA${Buffer.from('IPv5').toString('base64url')}`;
  for (const [path, named] of [
    ['/Sims?Status=ended', /Status: give new, ready/],
    ['/Sims?Iccid=1&Iccid=2', /Iccid: give it once/],
    ['/Sims?Fleet=', /Fleet: /],
    ['/Sims?PageSize=1001', /PageSize: /],
    ['/Sims?PageToken=PAxyz', /PageToken: /],
    [`/Sims/${sim.sid}/IpAddresses?PageToken=${place}`, /PageToken: /],
    [`/Sims/${sim.sid}/BillingPeriods?PageSize=0`, /PageSize: /],
    [`/Sims/${sim.sid}/BillingPeriods?PageToken=${place}`, /PageToken: /],
    ['/SettingsUpdates?Status=done', /Status: give scheduled, in-progress/],
    ['/SettingsUpdates?Sim=a&Sim=b', /Sim: /],
  ] as const) {
    const { status, body } = await door.call('GET', path);
    assert.deepEqual([status, body.code], [400, 20001], path);
    assert.match(body.message, named);
  }
});
