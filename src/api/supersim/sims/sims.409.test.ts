import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { networks } from '../../../modules/catalogue/index.ts';
import { createFleet, createNetworkAccessProfile } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim } from '../test_supersim.ts';
import { newCards, newSim, orderProfile } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
const accountId = door.account.account.id;
await write(door.ctx, {}, async (tx) => {
  const ids = networks()
    .slice(0, 1)
    .map(({ id }) => id);
  const { id } = await createNetworkAccessProfile(tx, { accountId, networks: ids });
  for (const uniqueName of ['one', 'two'])
    await createFleet(tx, { accountId, uniqueName, networkAccessProfile: id });
});

const update = (sid: string, form: Record<string, string>) => door.call('POST', `/Sims/${sid}`, { form });
const see = async (sid: string) => (await door.call('GET', `/Sims/${sid}`)).body;

test('a SIM card that the account has is refused with its SID', async () => {
  const [form] = await newCards(door, 1);
  const card = present(form, 'a card');
  const { body: sim } = await door.call('POST', '/Sims', { form: card });
  for (const RegistrationCode of [card.RegistrationCode, 'H3LL0W0RLD']) {
    const { status, body } = await door.call('POST', '/Sims', { form: { ...card, RegistrationCode } });
    assert.deepEqual([status, body.code], [409, 83003]);
    assert.match(body.message, new RegExp(sim.sid));
  }
});

test('a SIM card that is registered many times at once is registered once, and the others are told so', async () => {
  const [card] = await newCards(door, 1);
  const form = present(card, 'a card');
  const answers = await Promise.all(Array.from({ length: 6 }, () => door.call('POST', '/Sims', { form })));
  const codes = answers.map(({ status, body }) => body.code ?? status).sort();
  assert.deepEqual(codes, [201, ...Array.from({ length: 5 }, () => 83003)]);
});

test('a SIM card that somebody else registered is refused like an unknown one', async () => {
  const [form] = await newCards(door, 1);
  const card = present(form, 'a card');
  await door.call('POST', '/Sims', { form: card, auth: door.foreign.auth });
  const { status, body } = await door.call('POST', '/Sims', { form: card });
  assert.deepEqual([status, body.code], [400, 83002]);
});

for (const way of [
  ['active', 'ready'],
  ['inactive', 'ready'],
])
  test(`a SIM cannot go from ${way.join(' to ')}, and keeps its name and fleet`, async () => {
    const { sid } = await newSim(door);
    const [from = '', to = ''] = way;
    await update(sid, { Status: from });
    const before = await see(sid);
    const { status, body } = await update(sid, { Status: to, UniqueName: 'changed', Fleet: 'one' });
    assert.deepEqual([status, body.code], [409, 83010]);
    assert.deepEqual(await see(sid), before);
  });

test('a unique name that another SIM has is taken, and nothing else of the form is done', async () => {
  const [one, two] = [await newSim(door), await newSim(door)];
  await update(one.sid, { UniqueName: 'pump' });
  const { status, body } = await update(two.sid, { UniqueName: 'pump', Status: 'active' });
  assert.deepEqual([status, body.code], [409, 83011]);
  assert.equal((await see(two.sid)).status, 'new');
  assert.equal((await update(one.sid, { UniqueName: 'pump' })).status, 200);
});

test('a scheduled SIM changes neither its fleet nor its status, each with its own code', async () => {
  const { sid } = await newSim(door, { core: 'osmo_hlr' });
  await update(sid, { Fleet: 'one' });
  await update(sid, { Status: 'ready' });
  const codes = [];
  for (const form of [
    { Fleet: 'two' },
    { Fleet: '' },
    { Fleet: 'two', Status: 'active' },
    { Status: 'active' },
    { Status: 'inactive', UniqueName: 'no' },
  ]) {
    const { status, body } = await update(sid, form);
    assert.equal(status, 409);
    codes.push(body.code);
  }
  assert.deepEqual(codes, [83009, 83009, 83009, 83010, 83010]);
  assert.equal((await see(sid)).unique_name, null);
  assert.equal((await update(sid, { Fleet: 'one' })).status, 202);
});

test('only a new SIM is moved to another account', async () => {
  const { sim_sid } = await orderProfile(door);
  await update(sim_sid, { Status: 'ready' });
  const form = { AccountSid: door.subaccount.sid, UniqueName: 'moved' };
  const { status, body } = await update(sim_sid, form);
  assert.deepEqual([status, body.code], [409, 83010]);
  const { account_sid, unique_name } = await see(sim_sid);
  assert.deepEqual([account_sid, unique_name], [door.account.sid, null]);
});

test('of two updates at once that want the same name, one gets it', async () => {
  const sims = [await newSim(door), await newSim(door), await newSim(door)];
  const answers = await Promise.all(sims.map(({ sid }) => update(sid, { UniqueName: 'race' })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
});
