// The vendor's official client does everything that it can, against the Super SIM door of a running platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectOfficialClient,
  officialClient,
  officialTokenClient,
  walkList,
} from '../support/official_client.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform();
const { call, server } = platform;
const client = await connectOfficialClient(platform);
const { v1 } = client.supersim;

const sidOf = (prefix: string, id: string) => prefix + id.slice(id.indexOf('_') + 1);
const unknown = (prefix: string) => `${prefix}${'0'.repeat(32)}`;

/** Waits until a profile has left the states in which it is being made. */
async function made(sid: string) {
  for (let tries = 0; tries < 1_000; tries++) {
    const profile = await v1.esimProfiles(sid).fetch();
    if (profile.status !== 'new' && profile.status !== 'reserving') return profile;
    await sleep(10);
  }
  throw new Error(`${sid} was not made`);
}

async function newProfile() {
  return await made((await v1.esimProfiles.create({ generateMatchingId: true })).sid);
}

/** A SIM of a new profile, in service. */
async function newSim() {
  const { simSid } = await newProfile();
  return await v1.sims(simSid).update({ status: 'ready' });
}

async function post(path: string, body: object) {
  const answer = await call('POST', path, body);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const refused = (status: number, code: number) => (error: any) => {
  assert.equal(error.name, 'Error');
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  assert.ok(error.moreInfo.endsWith(`/${code}`));
  return true;
};

test('eSIM profiles are ordered, fetched, and listed with all filters', async () => {
  const ordered = await v1.esimProfiles.create({ generateMatchingId: true });
  assert.deepEqual(
    [ordered.status, ordered.iccid, ordered.eid, ordered.matchingId],
    ['new', null, null, null],
  );
  assert.ok(ordered.dateCreated instanceof Date && !Number.isNaN(ordered.dateCreated.getTime()));
  await made(ordered.sid);
  const profile = await v1.esimProfiles(ordered.sid).fetch();
  assert.deepEqual(
    [profile.sid, profile.status, profile.accountSid],
    [ordered.sid, 'available', client.accountSid],
  );
  assert.match(profile.iccid, /^89\d{17,18}$/);
  const { smdpPlusAddress, matchingId, activationCode } = profile;
  assert.equal(activationCode, `1$${smdpPlusAddress.toUpperCase()}$${matchingId}`);
  assert.equal(profile.url, `${server.apiUrl}/supersim/v1/ESimProfiles/${profile.sid}`);
  const other = await newProfile();
  const sids = (items: { sid: string }[]) => items.map(({ sid }) => sid);
  assert.deepEqual(sids(await walkList(v1.esimProfiles)), [other.sid, profile.sid]);
  assert.deepEqual(sids(await walkList(v1.esimProfiles, { status: 'available' })), [other.sid, profile.sid]);
  assert.deepEqual(await walkList(v1.esimProfiles, { status: 'installed' }), []);
  assert.deepEqual(sids(await walkList(v1.esimProfiles, { simSid: profile.simSid })), [profile.sid]);
});

test('an eSIM profile for an eUICC has no activation code', async () => {
  const eid = '89049032123451234512345678901235';
  const profile = await made((await v1.esimProfiles.create({ eid })).sid);
  assert.deepEqual(
    [profile.status, profile.eid, profile.matchingId, profile.activationCode],
    ['available', eid, null, null],
  );
  assert.equal(profile.smdpPlusAddress, server.smdpAddress);
  const [found, ...others] = await walkList(v1.esimProfiles, { eid });
  assert.deepEqual([found?.sid, others], [profile.sid, []]);
});

test('a SIM is named, switched on and off, and found by its name', async () => {
  const { simSid, iccid } = await newProfile();
  const sim = await v1.sims(simSid).fetch();
  assert.deepEqual([sim.sid, sim.iccid, sim.status, sim.fleetSid], [simSid, iccid, 'new', null]);
  assert.equal((await sim.update({ uniqueName: 'meter 1' })).uniqueName, 'meter 1');
  assert.equal((await v1.sims('meter 1').fetch()).sid, simSid);
  assert.equal((await v1.sims(simSid).update({ status: 'ready' })).status, 'ready');
  assert.equal((await v1.sims(simSid).update({ status: 'inactive' })).status, 'inactive');
  assert.equal((await v1.sims(simSid).update({ status: 'active' })).status, 'active');
  const [found, ...others] = await walkList(v1.sims, { iccid });
  assert.deepEqual([found?.sid, others], [simSid, []]);
  assert.ok((await walkList(v1.sims, { status: 'active' })).some(({ sid }) => sid === simSid));
  await assert.rejects(v1.sims(simSid).update({ status: 'ready' }), refused(409, 83010));
});

test('a card is registered by its code, once', async () => {
  const { registrationCodes } = await post('/stock/batches', {
    profileType: 'overair-usim',
    generate: 1,
    registrationCodes: true,
  });
  const [{ iccid, registrationCode }] = registrationCodes;
  const sim = await v1.sims.create({ iccid, registrationCode });
  assert.deepEqual([sim.iccid, sim.status, sim.accountSid], [iccid, 'new', client.accountSid]);
  await assert.rejects(v1.sims.create({ iccid, registrationCode }), refused(409, 83003));
  await assert.rejects(
    v1.sims.create({ iccid: '8900000000000000000', registrationCode }),
    refused(400, 83002),
  );
});

test('a SIM has billing periods, and an address while it is attached', async () => {
  const sim = await newSim();
  assert.deepEqual(await walkList(sim.simIpAddresses()), []);
  await post('/network/attachments', { sim: sim.iccid, mcc: '204', mnc: '08' });
  const [address, ...others] = await walkList(sim.simIpAddresses());
  assert.deepEqual([address?.ipAddressVersion, others], ['IPv4', []]);
  await v1.sims(sim.sid).update({ status: 'active' });
  const periods = await walkList(v1.sims(sim.sid).billingPeriods);
  assert.deepEqual(
    periods.map(({ simSid, periodType }) => [simSid, periodType]),
    [
      [sim.sid, 'active'],
      [sim.sid, 'ready'],
    ],
  );
});

test('a fleet is made, changed, joined, and listed by its network access profile', async () => {
  const profile = await v1.networkAccessProfiles.create({});
  const fleet = await v1.fleets.create({
    networkAccessProfile: profile.sid,
    uniqueName: 'vans',
    dataLimit: 500,
    smsCommandsEnabled: false,
    ipCommandsUrl: 'https://93.184.216.34/ip',
    ipCommandsMethod: 'GET',
  });
  assert.deepEqual(
    [fleet.dataEnabled, fleet.dataLimit, fleet.dataMetering, fleet.smsCommandsEnabled],
    [true, 500, 'payg', false],
  );
  assert.deepEqual(
    [fleet.ipCommandsUrl, fleet.ipCommandsMethod, fleet.smsCommandsUrl, fleet.smsCommandsMethod],
    ['https://93.184.216.34/ip', 'GET', null, 'POST'],
  );
  assert.equal((await v1.fleets(fleet.sid).update({ dataLimit: 5_000 })).dataLimit, 5_000);
  assert.equal((await v1.fleets('vans').fetch()).sid, fleet.sid);
  const second = await v1.fleets.create({ networkAccessProfile: profile.sid });
  assert.equal(second.dataLimit, 1_000);
  const found = await walkList(v1.fleets, { networkAccessProfile: profile.sid });
  assert.deepEqual(
    found.map(({ sid }) => sid),
    [second.sid, fleet.sid],
  );
  const { sid } = await newSim();
  assert.equal((await v1.sims(sid).update({ fleet: 'vans' })).fleetSid, fleet.sid);
  assert.deepEqual(
    (await walkList(v1.sims, { fleet: fleet.sid })).map((each) => each.sid),
    [sid],
  );
  await assert.rejects(v1.fleets(second.sid).update({ uniqueName: 'vans' }), refused(409, 83011));
  await assert.rejects(v1.sims(sid).update({ fleet: unknown('HF') }), refused(404, 83006));
});

test('networks are listed by country and code, and fetched', async () => {
  const [network, ...others] = await walkList(v1.networks, { mcc: '204', mnc: '08' });
  assert.ok(network);
  assert.deepEqual(
    [network.isoCountry, network.identifiers, others],
    ['NL', [{ mcc: '204', mnc: '08' }], []],
  );
  assert.deepEqual((await v1.networks(network.sid).fetch()).toJSON(), network.toJSON());
  const dutch = await walkList(v1.networks, { isoCountry: 'NL' });
  assert.ok(dutch.length > 2 && dutch.every(({ isoCountry }) => isoCountry === 'NL'));
});

test('a network access profile is made with networks, which are added and removed', async () => {
  const [first, second, third] = await v1.networks.list({ isoCountry: 'NL', limit: 3 });
  assert.ok(first && second && third);
  const profile = await v1.networkAccessProfiles.create({
    uniqueName: 'home',
    networks: [first.sid, second.sid],
  });
  const { networks } = v1.networkAccessProfiles(profile.sid);
  const sids = async () => (await walkList(networks)).map(({ sid }) => sid).sort();
  assert.deepEqual(await sids(), [first.sid, second.sid].sort());
  const added = await networks.create({ network: third.sid });
  assert.deepEqual([added.sid, added.networkAccessProfileSid], [third.sid, profile.sid]);
  assert.equal((await networks(third.sid).fetch()).friendlyName, third.friendlyName);
  assert.equal(await networks(first.sid).remove(), true);
  assert.deepEqual(await sids(), [second.sid, third.sid].sort());
  await assert.rejects(networks(first.sid).fetch(), refused(404, 20404));
  await assert.rejects(networks(first.sid).remove(), refused(404, 20404));
  assert.equal(
    (await v1.networkAccessProfiles(profile.sid).update({ uniqueName: 'at home' })).uniqueName,
    'at home',
  );
  assert.equal((await v1.networkAccessProfiles('at home').fetch()).sid, profile.sid);
  assert.ok((await walkList(v1.networkAccessProfiles)).some(({ sid }) => sid === profile.sid));
});

test('an SMS command goes to a device, and one comes from it', async () => {
  const sim = await newSim();
  const sent = await v1.smsCommands.create({ sim: sim.sid, payload: 'report' });
  assert.deepEqual([sent.status, sent.direction, sent.simSid], ['queued', 'to_sim', sim.sid]);
  await post('/network/attachments', { sim: sim.iccid, mcc: '204', mnc: '08' });
  await post('/network/commands/take', { sim: sim.iccid });
  assert.equal((await v1.smsCommands(sent.sid).fetch()).status, 'sent');
  const { id } = await post('/network/commands', { sim: sim.iccid, kind: 'sms', payload: 'hello' });
  const sids = async (filters: object) => (await walkList(v1.smsCommands, filters)).map(({ sid }) => sid);
  assert.deepEqual(await sids({ sim: sim.sid }), [sidOf('HC', id), sent.sid]);
  assert.deepEqual(await sids({ sim: sim.sid, direction: 'to_sim' }), [sent.sid]);
  assert.deepEqual(await sids({ sim: sim.sid, status: 'received' }), [sidOf('HC', id)]);
  await assert.rejects(v1.ipCommands(sidOf('HG', id)).fetch(), refused(404, 20404));
});

test('an IP command goes to a device, and one comes from it', async () => {
  const sim = await newSim();
  const sent = await v1.ipCommands.create({ sim: sim.sid, payload: 'report', devicePort: 5_683 });
  assert.deepEqual(
    [sent.status, sent.direction, sent.simIccid, sent.devicePort, sent.payloadType],
    ['queued', 'to_sim', sim.iccid, 5_683, 'text'],
  );
  await post('/network/attachments', { sim: sim.iccid, mcc: '204', mnc: '08' });
  await post('/network/commands/take', { sim: sim.iccid });
  assert.equal((await v1.ipCommands(sent.sid).fetch()).status, 'sent');
  const { id } = await post('/network/commands', {
    sim: sim.iccid,
    kind: 'ip',
    devicePort: 5_683,
    payload: 'aGk=',
    payloadType: 'binary',
  });
  const received = await v1.ipCommands(sidOf('HG', id)).fetch();
  assert.deepEqual([received.status, received.payload, received.payloadType], ['received', 'aGk=', 'binary']);
  const sids = async (filters: object) => (await walkList(v1.ipCommands, filters)).map(({ sid }) => sid);
  assert.deepEqual(await sids({ sim: sim.sid }), [received.sid, sent.sid]);
  assert.deepEqual(await sids({ simIccid: sim.iccid, direction: 'to_sim' }), [sent.sid]);
});

test('SIMs of the simulated core have no settings to be updated', async () => {
  const { sid } = await newSim();
  assert.deepEqual(await walkList(v1.settingsUpdates, { sim: sid }), []);
  assert.deepEqual(await walkList(v1.settingsUpdates, { status: 'successful' }), []);
});

test('usage is summed over all time, by day, and by SIM', async () => {
  const sim = await newSim();
  await post('/network/attachments', { sim: sim.iccid, mcc: '204', mnc: '08' });
  const record = { kind: 'data', sim: sim.iccid, at: new Date().toISOString(), mcc: '204', mnc: '08' };
  await post('/usage', { records: [{ ...record, id: `${sim.sid} 1`, bytesUp: 1_000, bytesDown: 9_000 }] });
  const [all, ...more] = await walkList(v1.usageRecords, { sim: sim.sid });
  assert.deepEqual([all?.dataUpload, all?.dataDownload, all?.dataTotal, more], [1_000, 9_000, 10_000, []]);
  assert.equal(all?.simSid, sim.sid);
  const [bySim] = await v1.usageRecords.list({ sim: sim.sid, group: 'sim', granularity: 'day' });
  assert.deepEqual([bySim?.simSid, bySim?.dataTotal], [sim.sid, 10_000]);
  const [network] = await v1.networks.list({ mcc: '204', mnc: '08' });
  const [byNetwork] = await v1.usageRecords.list({ sim: sim.sid, group: 'network' });
  assert.deepEqual([byNetwork?.networkSid, byNetwork?.dataTotal], [network?.sid, 10_000]);
  const [byCountry] = await v1.usageRecords.list({ sim: sim.sid, group: 'isoCountry' });
  assert.deepEqual([byCountry?.isoCountry, byCountry?.dataTotal], ['NL', 10_000]);
});

test('what is refused reaches the caller as an error of the client, with status and code', async () => {
  await assert.rejects(v1.esimProfiles(unknown('HP')).fetch(), refused(404, 20404));
  await assert.rejects(v1.sims(unknown('HP')).fetch(), refused(404, 20404));
  await assert.rejects(v1.esimProfiles.create({}), refused(400, 20001));
  await assert.rejects(v1.esimProfiles.create({ eid: '123' }), refused(400, 20001));
  await assert.rejects(v1.esimProfiles.page({ pageToken: 'nonsense' }), refused(400, 20001));
  await assert.rejects(v1.esimProfiles.page({ pageSize: 1_001 }), refused(400, 20001));
  const stranger = officialClient(server.apiUrl, client.accountSid, 'wrong');
  await assert.rejects(stranger.supersim.v1.sims.list(), refused(401, 20003));
});

test('the client signs in by an account, by a key, and by tokens', async () => {
  const { id } = (await call('GET', '/api-keys')).body.data[0];
  const { apiUrl } = server;
  const { accountSid } = client;
  const byKey = officialClient(apiUrl, sidOf('SK', id), platform.apiKey, { accountSid });
  const byToken = officialTokenClient(apiUrl, sidOf('OQ', id), platform.apiKey);
  const expected = (await v1.sims.list({ limit: 1 }))[0]?.sid;
  for (const each of [byKey, byToken])
    assert.equal((await each.supersim.v1.sims.list({ limit: 1 }))[0]?.sid, expected);
  const stranger = officialTokenClient(apiUrl, sidOf('OQ', id), 'wrong');
  await assert.rejects(stranger.supersim.v1.sims.list(), /fetch access token/);
});

test('a new SIM is given to a subaccount, which sees nothing else', async () => {
  const { id } = await post('/subaccounts', { name: 'A branch' });
  const accountSid = sidOf('AC', id);
  const { simSid, sid } = await newProfile();
  assert.equal((await v1.sims(simSid).update({ accountSid })).accountSid, accountSid);
  await assert.rejects(v1.sims(simSid).fetch(), refused(404, 20404));
  const branch = officialClient(server.apiUrl, accountSid, platform.apiKey).supersim.v1;
  assert.deepEqual(
    (await walkList(branch.sims)).map((sim) => sim.sid),
    [simSid],
  );
  assert.deepEqual(
    (await walkList(branch.esimProfiles)).map((profile) => profile.sid),
    [sid],
  );
  await assert.rejects(branch.esimProfiles.create({ generateMatchingId: true }), refused(402, 20006));
});
