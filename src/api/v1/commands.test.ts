import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSims, type Sim } from '../../modules/sims/index.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const network = await shop.newKey(['network']);
const stock = await query<{ iccid: string; imsi: string; msisdn: string }>(
  shop.ctx.db,
  'select iccid, imsi, msisdn from inventory.sim_profiles order by iccid',
);

async function newSim(): Promise<Sim> {
  const profile = stock.pop()!;
  const rest = { accountId: shop.account.id, core: 'simulated', status: 'ready' } as const;
  const esimId = `esm_${profile.iccid.padStart(32, '0')}`;
  const [sim] = await write(shop.ctx, {}, (tx) => createSims(tx, [{ ...profile, ...rest, esimId }]));
  return sim!;
}

const post = (path: string, body: object, options = {}) =>
  shop.call('POST', `/v1${path}`, { body, ...options });
const tell = (path: string, body: object) => post(`/network/${path}`, body, { secret: network });

test('a SIM is authenticated, attached, given its commands, and detached, by a key for networks', async () => {
  const sim = await newSim();
  const { json: vector } = await tell('authentication-vectors', { sim: sim.imsi });
  assert.deepEqual(
    Object.values(vector).map((each) => (each as string).length),
    [32, 32, 16],
  );
  const { json: sent } = await post('/commands', { sim: sim.id, kind: 'sms', payload: 'report' });
  assert.deepEqual([sent.status, sent.direction, sent.payloadType], ['queued', 'to_sim', 'text']);
  assert.deepEqual((await tell('commands/take', { sim: sim.imsi })).json.data, []);
  const { json: attached } = await tell('attachments', { sim: sim.imsi, mcc: '204', mnc: '08' });
  assert.deepEqual([attached.allowed, attached.country], [true, 'NL']);
  const { json: addresses } = await shop.call('GET', `/v1/sims/${sim.id}/ip-addresses`);
  assert.deepEqual(addresses.data, [{ address: attached.ipV4, version: 'IPv4' }]);
  const { json: seen } = await shop.call('GET', `/v1/sims/${sim.id}`);
  assert.deepEqual([seen.location.attached, seen.location.networkName], [true, attached.networkName]);
  const { json: taken } = await tell('commands/take', { sim: sim.imsi });
  assert.deepEqual([taken.data.length, taken.data[0].id], [1, sent.id]);
  const { json: done } = await tell(`commands/${sent.id}/report`, { status: 'delivered' });
  assert.deepEqual((await shop.call('GET', `/v1/commands/${sent.id}`)).json, done);
  assert.equal((await tell('locations', { sim: sim.imsi, mcc: '208', mnc: '01' })).json.country, 'FR');
  assert.deepEqual((await tell('detachments', { sim: sim.imsi })).json, { attached: false });
  assert.deepEqual((await shop.call('GET', `/v1/sims/${sim.id}/ip-addresses`)).json.data, []);
});

test('what a device sends is handed over once for an Idempotency-Key', async () => {
  const sim = await newSim();
  const body = { sim: sim.imsi, kind: 'sms', payload: 'AQI=', payloadType: 'binary' };
  const options = { secret: network, headers: { 'idempotency-key': 'sms-1' } };
  const { json } = await post('/network/commands', body, options);
  assert.deepEqual((await post('/network/commands', body, options)).json, json);
  const { json: listed } = await shop.call('GET', `/v1/commands?sim=${sim.iccid}&direction=from_sim`);
  assert.deepEqual(listed.data, [json]);
});

for (const [what, path, body, code] of [
  ['an MCC of two digits', 'attachments', { sim: 'x', mcc: '20', mnc: '08' }, 'invalid_request'],
  ['no time', 'attachments', { sim: 'x', mcc: '204', mnc: '08', at: 'noon' }, 'invalid_request'],
  ['an unknown SIM', 'attachments', { sim: '999700009999999', mcc: '204', mnc: '08' }, 'not_found'],
  ['no SIM', 'authentication-vectors', {}, 'invalid_request'],
  ['an unknown kind', 'commands', { sim: 'x', kind: 'fax', payload: 'x' }, 'invalid_request'],
  ['an unknown command', 'commands/cmd_0/report', { status: 'delivered' }, 'not_found'],
  ['an unknown outcome', 'commands/cmd_0/report', { status: 'lost' }, 'invalid_request'],
] as const)
  test(`a network that tells of ${what} is refused`, async () => {
    assert.equal((await tell(path, body)).json.code, code);
  });

test('a payload that is too long names its field', async () => {
  const sim = await newSim();
  const { json } = await post('/commands', { sim: sim.id, kind: 'sms', payload: 'x'.repeat(161) });
  assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'payload']);
});
