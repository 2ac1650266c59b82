import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../base/digits.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const importThem = (body: object, options: object = {}) =>
  shop.call('POST', '/v1/esims/preinstalled', { body, ...options });
const eidOf = (serial: number) => completeEid(`89049032000001${String(serial).padStart(16, '0')}`);
const stock = await query<{ iccid: string }>(
  shop.ctx.db,
  "select iccid from inventory.sim_profiles where state = 'available' order by iccid",
);
const take = () => stock.shift()?.iccid ?? assert.fail('stock');

test('preinstalled profiles are imported once for a key, as installed eSIMs without a code', async () => {
  const profiles = [
    { iccid: take(), eid: eidOf(1) },
    { iccid: take(), eid: eidOf(2) },
  ];
  const headers = { 'idempotency-key': 'p1' };
  const { status, json } = await importThem({ profiles }, { headers });
  assert.equal(status, 201);
  assert.deepEqual(
    json.data.map(({ iccid, eid }: Record<string, unknown>) => ({ iccid, eid })),
    profiles,
  );
  assert.deepEqual((await importThem({ profiles }, { headers })).json, json);
  const { json: esim } = await shop.call('GET', `/v1/esims/${json.data[0].id}`);
  assert.deepEqual([esim.origin, esim.state, esim.eid], ['preinstalled', 'installed', eidOf(1)]);
  assert.deepEqual([esim.activationCode, esim.qrCode], [null, null]);
  assert.match((await shop.app.inject(new URL(esim.installUrl).pathname)).body, /came with your device/);
  assert.equal((await shop.call('GET', `/v1/sims/${profiles[0]?.iccid}`)).json.status, 'new');
  const [told = assert.fail()] = await shop.events('type=esim.installed');
  assert.equal((told['data'] as Record<string, unknown>)['eid'], eidOf(1));
});

test('they may be for an account under the own one, and for no other', async () => {
  const branch = (await shop.call('POST', '/v1/subaccounts', { body: { name: 'Branch' } })).json;
  const profiles = [{ iccid: take(), eid: eidOf(3) }];
  const { json } = await importThem({ account: branch.id, profiles });
  const headers = { 'overair-account': branch.id };
  assert.equal((await shop.call('GET', `/v1/esims/${json.data[0].id}`, { headers })).status, 200);
  assert.equal((await shop.call('GET', `/v1/esims/${json.data[0].id}`)).status, 404);
  const stranger = await shop.newAccount();
  const refused = await importThem({ account: stranger.id, profiles: [{ iccid: take(), eid: eidOf(4) }] });
  assert.equal(refused.status, 404);
});

test('what is not in stock is named, and nothing is imported', async () => {
  const iccid = take();
  const profiles = [
    { iccid, eid: eidOf(5) },
    { iccid: '8999701999999999999', eid: eidOf(6) },
  ];
  const { status, json } = await importThem({ profiles });
  assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', 'profiles[1].iccid']);
  assert.equal((await shop.call('GET', `/v1/esims/${iccid}`)).status, 404);
});

for (const [name, body, field] of [
  ['no profiles', {}, 'profiles'],
  ['an empty list', { profiles: [] }, 'profiles'],
  ['an account that is no id', { account: 'x', profiles: [{ iccid: '1', eid: '1' }] }, 'account'],
  ['a wrong EID', { profiles: [{ iccid: stock[0]?.iccid, eid: '0'.repeat(32) }] }, 'profiles[0].eid'],
  ['a profile without EID', { profiles: [{ iccid: '1' }] }, 'profiles[0].eid'],
] as const) {
  test(`an import with ${name} is refused by name`, async () => {
    const { json } = await importThem(body);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}

test('only operators import', async () => {
  const secret = await shop.newKey(['orders:write', 'lines:write', 'read']);
  const { status } = await importThem({ profiles: [{ iccid: take(), eid: eidOf(7) }] }, { secret });
  assert.equal(status, 403);
});
