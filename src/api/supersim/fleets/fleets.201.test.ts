import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNetworkAccessProfile, getFleet } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim, testBase } from '../test_supersim.ts';
import { readSid, writeSid } from '../wire/sid.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;
const profile = await write(ctx, {}, (tx) =>
  createNetworkAccessProfile(tx, { accountId, uniqueName: 'anywhere', networks: [] }),
);
const NetworkAccessProfile = writeSid('networkAccessProfile', profile.id);

const create = (form: Record<string, string>, headers = {}) =>
  call('POST', '/Fleets', { form: { NetworkAccessProfile, ...form }, headers });

test('a fleet is made with what the vendor says it has when nothing is said', async () => {
  const { status, body } = await create({});
  assert.equal(status, 201);
  const { sid, date_created, date_updated, ...rest } = body;
  assert.match(sid, /^HF[0-9a-f]{32}$/);
  assert.match(date_created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(date_updated, date_created);
  assert.deepEqual(rest, {
    account_sid: account.sid,
    unique_name: null,
    url: `${testBase}/Fleets/${sid}`,
    data_enabled: true,
    data_limit: 1_000,
    data_metering: 'payg',
    sms_commands_enabled: true,
    sms_commands_url: null,
    sms_commands_method: 'POST',
    network_access_profile_sid: NetworkAccessProfile,
    ip_commands_url: null,
    ip_commands_method: 'POST',
  });
});

test('a fleet is made as its form says, its network access profile by name too, and the limit in millions of bytes', async () => {
  const { status, body } = await create({
    NetworkAccessProfile: 'anywhere',
    UniqueName: 'trackers',
    DataEnabled: 'False',
    DataLimit: '2000000',
    SmsCommandsEnabled: 'false',
    SmsCommandsUrl: 'https://93.184.216.34/sms?x=1',
    SmsCommandsMethod: 'GET',
    IpCommandsUrl: 'https://93.184.216.34/ip',
  });
  assert.equal(status, 201);
  assert.deepEqual(
    [body.unique_name, body.data_enabled, body.data_limit, body.sms_commands_enabled],
    ['trackers', false, 2_000_000, false],
  );
  assert.deepEqual(
    [body.sms_commands_url, body.sms_commands_method, body.ip_commands_url, body.ip_commands_method],
    ['https://93.184.216.34/sms?x=1', 'GET', 'https://93.184.216.34/ip', 'POST'],
  );
  const fleet = await getFleet(ctx, { accountId, key: readSid('fleet', body.sid) ?? '' });
  assert.deepEqual(
    [fleet.networkAccessProfileId, fleet.dataLimitBytes, fleet.apn],
    [profile.id, 2_000_000_000_000n, 'internet'],
  );
});

test('fields that no fleet has are left alone', async () => {
  const { status, body } = await create({ Colour: 'red', apn: 'secret', __proto__x: '1' });
  assert.deepEqual([status, body.unique_name], [201, null]);
});

test('a fleet is made once for an Idempotency-Key', async () => {
  const headers = { 'idempotency-key': 'fleet-1' };
  const form = { UniqueName: 'once', SmsCommandsUrl: 'https://93.184.216.34/sms' };
  const first = await create(form, headers);
  assert.deepEqual(await create(form, headers).then(({ body }) => body), first.body);
  assert.equal((await create({ UniqueName: 'other' }, headers)).status, 409);
});
