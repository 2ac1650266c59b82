import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networks } from '../../../modules/catalogue/index.ts';
import {
  attachLine,
  createFleet,
  createNetworkAccessProfile,
  updateSim,
} from '../../../modules/sims/index.ts';
import { createOutgoing, findCallbacks, useOutgoing } from '../../../modules/webhooks/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim, type Party, testBase } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';
import { newSim, orderProfile } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
useOutgoing(door.core, createOutgoing({ allowedNetworks: ['127.0.0.0/8'] }));
const accountId = door.account.account.id;

const update = (key: string, form: Record<string, string>, { auth }: Party = door.account) =>
  door.call('POST', `/Sims/${encodeURIComponent(key)}`, { form, auth });
const sidsOf = async (query: Record<string, string | number>, { auth }: Party = door.account) =>
  (await door.call('GET', '/Sims', { query, auth })).body.sims.map(({ sid }: { sid: string }) => sid);

async function newFleet(uniqueName: string, of = accountId): Promise<string> {
  const fleet = await write(door.ctx, {}, async (tx) => {
    const ids = networks()
      .slice(0, 1)
      .map(({ id }) => id);
    const { id } = await createNetworkAccessProfile(tx, { accountId: of, networks: ids });
    return createFleet(tx, { accountId: of, uniqueName, networkAccessProfile: id });
  });
  return writeSid('fleet', fleet.id);
}

test('a SIM is found by its SID and by its unique name', async () => {
  const { sid } = await newSim(door);
  const named = await update(sid, { UniqueName: 'Pump 1/2' });
  assert.deepEqual([named.status, named.body.unique_name, named.body.sid], [200, 'Pump 1/2', sid]);
  for (const key of [sid, 'Pump%201%2F2'])
    assert.deepEqual((await door.call('GET', `/Sims/${key}`)).body, named.body);
});

test('an empty unique name takes it away, and what is not given stays', async () => {
  const { sid } = await newSim(door);
  await update(sid, { UniqueName: 'boat', Status: 'inactive' });
  const cleared = await update('boat', { UniqueName: '' });
  assert.deepEqual([cleared.body.unique_name, cleared.body.status], [null, 'inactive']);
  assert.equal((await door.call('GET', '/Sims/boat')).status, 404);
});

test('a form without a field that we know changes nothing', async () => {
  const { sid } = await newSim(door);
  const { body } = await door.call('GET', `/Sims/${sid}`);
  for (const form of [{}, { Color: 'green' }]) assert.deepEqual((await update(sid, form)).body, body);
});

test('a SIM joins a fleet by its SID or name, leaves it for another one, and leaves it for none', async () => {
  const [one, two] = [await newFleet('one'), await newFleet('two')];
  const { sid } = await newSim(door);
  const fleets = [];
  for (const Fleet of [one, 'two', '']) fleets.push((await update(sid, { Fleet })).body.fleet_sid);
  assert.deepEqual(fleets, [one, two, null]);
});

for (const way of [
  ['ready'],
  ['active'],
  ['inactive'],
  ['ready', 'active', 'inactive', 'active'],
  ['ready', 'ready'],
])
  test(`a new SIM goes ${way.join(', ')} at once`, async () => {
    const { sid } = await newSim(door);
    for (const Status of way) {
      const { status, body } = await update(sid, { Status });
      assert.deepEqual([status, body.status], [200, Status]);
    }
  });

test('name, fleet and status are changed together', async () => {
  const { sid } = await newSim(door);
  const fleet = await newFleet('all');
  const { body } = await update(sid, { UniqueName: 'lock', Fleet: 'all', Status: 'active' });
  assert.deepEqual([body.unique_name, body.fleet_sid, body.status], ['lock', fleet, 'active']);
});

test('a callback is kept for the SIM, replaced, and taken away; it is in no answer', async () => {
  const { sid, id } = await newSim(door);
  const kept = async () => {
    const found = await findCallbacks(door.ctx, { accountId, resourceIds: [id] });
    return found.map(({ url, method, topic }) => [url, method, topic]);
  };
  const url = 'http://127.0.0.1:9/one';
  const { status } = await update(sid, { Status: 'ready', CallbackUrl: url });
  assert.equal(status, 200);
  assert.deepEqual(await kept(), [[url, 'POST', 'sim']]);
  await update(sid, { CallbackUrl: 'http://127.0.0.1:9/two', CallbackMethod: 'GET' });
  assert.deepEqual(await kept(), [['http://127.0.0.1:9/two', 'GET', 'sim']]);
  await update(sid, { UniqueName: 'called' });
  assert.equal((await kept()).length, 1);
  await update(sid, { CallbackUrl: '' });
  assert.deepEqual(await kept(), []);
});

test('a SIM that has ended is shown as inactive, in lists too', async () => {
  const { sid, id } = await newSim(door);
  await write(door.ctx, {}, (tx) => updateSim(tx, { accountId, key: id, status: 'ended' }));
  assert.equal((await door.call('GET', `/Sims/${sid}`)).body.status, 'inactive');
  assert.ok((await sidsOf({ Status: 'inactive' })).includes(sid));
});

test('SIMs are listed newest first, by status, fleet and ICCID', async () => {
  const party = door.foreign;
  const of = party;
  const [one, two, three] = [
    await newSim(door, { of }),
    await newSim(door, { of }),
    await newSim(door, { of }),
  ];
  const fleet = await newFleet('Listed', party.account.id);
  await update(one.sid, { Fleet: 'Listed' }, party);
  await update(two.sid, { Fleet: 'Listed', Status: 'active' }, party);
  const expected: [Record<string, string>, string[]][] = [
    [{}, [three.sid, two.sid, one.sid]],
    [{ Status: 'new' }, [three.sid, one.sid]],
    [{ Status: 'active' }, [two.sid]],
    [{ Status: 'scheduled' }, []],
    [{ Fleet: fleet }, [two.sid, one.sid]],
    [{ Fleet: 'Listed', Status: 'new' }, [one.sid]],
    [{ Fleet: 'Nowhere' }, []],
    [{ Fleet: `HF${'0'.repeat(32)}` }, []],
    [{ Iccid: two.iccid }, [two.sid]],
    [{ Iccid: two.iccid, Status: 'new' }, []],
    [{ Iccid: '8999' }, []],
    [{ Color: 'green' }, [three.sid, two.sid, one.sid]],
  ];
  for (const [query, sids] of expected)
    assert.deepEqual(await sidsOf(query, party), sids, JSON.stringify(query));
  assert.deepEqual(await sidsOf({ Iccid: two.iccid }), []);
  assert.deepEqual(await sidsOf({ Fleet: fleet }), []);
});

test('pages of SIMs follow each other in both directions', async () => {
  const party = door.subaccount;
  const made = [];
  for (let n = 0; n < 5; n++) made.unshift((await newSim(door, { of: party })).sid);
  const get = async (url: string) =>
    (await door.call('GET', url.slice(testBase.length), { auth: party.auth })).body;
  const seen = [];
  let backwards = '';
  for (let url = `${testBase}/Sims?PageSize=2`; url !== null; ) {
    const { sims, meta } = await get(url);
    seen.push(...sims.map(({ sid }: { sid: string }) => sid));
    if (seen.length === 4) backwards = meta.previous_page_url;
    url = meta.next_page_url;
  }
  assert.deepEqual(seen, made);
  const { sims } = await get(backwards);
  assert.deepEqual(
    sims.map(({ sid }: { sid: string }) => sid),
    made.slice(0, 2),
  );
});

test('a new SIM is moved to a subaccount and into a fleet of that, and its callback with it', async () => {
  const { sim_sid, sid } = await orderProfile(door);
  const fleet = await newFleet('Theirs', door.subaccount.account.id);
  const moved = await update(sim_sid, {
    AccountSid: door.subaccount.sid,
    Fleet: 'Theirs',
    UniqueName: 'moved',
    CallbackUrl: 'http://127.0.0.1:9/',
  });
  assert.equal(moved.status, 200);
  assert.deepEqual(
    [moved.body.account_sid, moved.body.fleet_sid, moved.body.unique_name],
    [door.subaccount.sid, fleet, 'moved'],
  );
  assert.equal((await door.call('GET', `/Sims/${sim_sid}`)).status, 404);
  const { auth } = door.subaccount;
  assert.equal((await door.call('GET', `/Sims/${sim_sid}`, { auth })).body.unique_name, 'moved');
  const profile = await door.call('GET', `/ESimProfiles/${sid}`, { auth });
  assert.equal(profile.body.account_sid, door.subaccount.sid);
  const resourceIds = [`sim_${sim_sid.slice(2)}`];
  const callbacks = (of: string) => findCallbacks(door.ctx, { accountId: of, resourceIds });
  assert.equal((await callbacks(door.subaccount.account.id)).length, 1);
  assert.equal((await callbacks(accountId)).length, 0);
});

test('naming its own account moves nothing, whatever the status of the SIM', async () => {
  const { sid } = await newSim(door);
  const { status, body } = await update(sid, { AccountSid: door.account.sid, Status: 'active' });
  assert.deepEqual([status, body.account_sid, body.status], [200, door.account.sid, 'active']);
});

test('billing periods are listed newest first, by SID or unique name of their SIM, with their ends', async () => {
  const { sid } = await newSim(door);
  assert.deepEqual((await door.call('GET', `/Sims/${sid}/BillingPeriods`)).body.billing_periods, []);
  await update(sid, { Status: 'ready', UniqueName: 'billed' });
  const path = '/Sims/billed/BillingPeriods';
  const [ready] = (await door.call('GET', path)).body.billing_periods;
  assert.deepEqual([ready.period_type, ready.end_time, ready.sim_sid], ['ready', null, sid]);
  await update(sid, { Status: 'active' });
  const { body } = await door.call('GET', path);
  const [active, ended] = body.billing_periods;
  assert.match(active.sid, /^HB[0-9a-f]{32}$/);
  assert.deepEqual([active.account_sid, active.period_type], [door.account.sid, 'active']);
  assert.ok(active.end_time > active.start_time);
  assert.deepEqual([ended.sid, ended.end_time], [ready.sid, active.start_time]);
  assert.equal(body.meta.key, 'billing_periods');
  const first = (await door.call('GET', path, { query: { PageSize: 1 } })).body;
  assert.deepEqual(first.billing_periods, [active]);
  const next = await door.call('GET', first.meta.next_page_url.slice(testBase.length));
  assert.deepEqual(next.body.billing_periods, [ended]);
});

test('the addresses of a SIM are those that it has now', async () => {
  const { sid, id } = await newSim(door);
  const get = async (path = `/Sims/${sid}/IpAddresses`) => (await door.call('GET', path)).body;
  assert.deepEqual((await get()).ip_addresses, []);
  await update(sid, { Status: 'active', UniqueName: 'attached' });
  const { mcc = '', mnc = '' } = networks()[0] ?? {};
  const attached = await write(door.ctx, {}, (tx) => attachLine(tx, { accountId, sim: id, mcc, mnc }));
  const expected = [{ ip_address: attached.ipV4, ip_address_version: 'IPv4' }];
  assert.ok(attached.ipV4);
  assert.deepEqual((await get('/Sims/attached/IpAddresses')).ip_addresses, expected);
  const { meta } = await get(`/Sims/${sid}/IpAddresses?PageSize=1`);
  assert.deepEqual([meta.key, meta.next_page_url], ['ip_addresses', null]);
  await update(sid, { Status: 'inactive' });
  assert.deepEqual((await get()).ip_addresses, []);
});
