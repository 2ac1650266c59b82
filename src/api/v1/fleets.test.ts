import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../modules/catalogue/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const kpn = networkByCode('204', '08')!.id;

const post = (path: string, body: object, headers = {}) => shop.call('POST', `/v1${path}`, { body, headers });
const { json: profile } = await post('/network-access-profiles', { uniqueName: 'dutch', networks: [kpn] });

test('a network access profile is found, listed and changed', async () => {
  assert.deepEqual((await shop.call('GET', '/v1/network-access-profiles/dutch')).json, profile);
  const { json } = await post('/network-access-profiles', { networks: [] });
  const changed = await post(`/network-access-profiles/${json.id}`, { networks: [kpn], uniqueName: 'again' });
  assert.deepEqual([changed.json.networks, changed.json.uniqueName], [[kpn], 'again']);
  const listed = await shop.call('GET', '/v1/network-access-profiles?limit=1');
  assert.equal(listed.json.data[0].id, json.id);
});

test('a network that does not exist is named', async () => {
  const { json } = await post('/network-access-profiles', { networks: [kpn, 'net_x'] });
  assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'networks[1]']);
});

test('a fleet is made once for an Idempotency-Key', async () => {
  const body = { networkAccessProfile: 'dutch', uniqueName: 'once', dataLimitBytes: 5_000_000_000 };
  const first = await post('/fleets', body, { 'idempotency-key': 'k1' });
  const second = await post('/fleets', body, { 'idempotency-key': 'k1' });
  assert.deepEqual(second.json, first.json);
  assert.deepEqual(
    [first.json.dataLimitBytes, first.json.networkAccessProfileId],
    [5_000_000_000, profile.id],
  );
  assert.equal((await post('/fleets', body)).json.code, 'name_taken');
});

test('a fleet is changed member by member, and its limit taken away by null', async () => {
  const { json } = await post('/fleets', { networkAccessProfile: profile.id, dataLimitBytes: 10, apn: 'a' });
  const changed = await post(`/fleets/${json.id}`, {
    dataLimitBytes: null,
    smsCommandsEnabled: false,
  });
  assert.deepEqual(
    [changed.json.dataLimitBytes, changed.json.apn, changed.json.smsCommandsEnabled],
    [null, 'a', false],
  );
  assert.deepEqual((await shop.call('GET', `/v1/fleets/${json.id}`)).json, changed.json);
  assert.equal((await shop.call('GET', '/v1/fleets?limit=1')).json.data[0].id, json.id);
});

for (const [what, body, code] of [
  ['no profile', {}, 'invalid_request'],
  ['an unknown profile', { networkAccessProfile: 'nowhere' }, 'not_found'],
  ['a limit of nothing', { networkAccessProfile: 'dutch', dataLimitBytes: 0 }, 'invalid_request'],
] as const)
  test(`a fleet with ${what} is refused`, async () => {
    assert.equal((await post('/fleets', body)).json.code, code);
  });
