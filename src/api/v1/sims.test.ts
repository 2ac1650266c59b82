import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSims, type NewSim, type Sim } from '../../modules/sims/index.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const stranger = await shop.newKey(['read', 'lines:write', 'network'], await shop.newAccount());
const stock = await query<{ iccid: string; imsi: string; msisdn: string }>(
  shop.ctx.db,
  'select iccid, imsi, msisdn from inventory.sim_profiles order by iccid',
);

async function newSim(parts: Partial<NewSim> = {}): Promise<Sim> {
  const profile = stock.pop()!;
  const item: NewSim = {
    ...profile,
    accountId: shop.account.id,
    esimId: `esm_${profile.iccid.padStart(32, '0')}`,
    core: 'simulated',
    status: 'ready',
    ...parts,
  };
  const [sim] = await write({ ...shop.ctx, now: new Date() }, {}, (tx) => createSims(tx, [item]));
  return sim!;
}

const post = (path: string, body: object, options = {}) =>
  shop.call('POST', `/v1${path}`, { body, ...options });
const get = (path: string, options = {}) => shop.call('GET', `/v1${path}`, options);

async function newFleet(parts: object = {}): Promise<{ id: string }> {
  const { json: profile } = await post('/network-access-profiles', { networks: [] });
  return (await post('/fleets', { networkAccessProfile: profile.id, ...parts })).json;
}

test('a SIM is found by each of its names and shows what it is', async () => {
  const sim = await newSim();
  await post(`/sims/${sim.id}`, { uniqueName: 'meter 1' });
  const { json } = await get(`/sims/${sim.id}`);
  for (const key of [sim.iccid, sim.imsi, sim.esimId, 'meter%201'])
    assert.deepEqual((await get(`/sims/${key}`)).json, json);
  assert.deepEqual(
    [
      json.status,
      json.scheduledStatus,
      json.fleet,
      json.core.state,
      json.location.attached,
      json.period.endsAt,
    ],
    ['ready', null, null, 'told', false, null],
  );
});

test('a SIM is suspended and resumed, and joins a fleet', async () => {
  const sim = await newSim();
  const fleet = await newFleet({ uniqueName: 'vans', dataLimitBytes: 1_000_000 });
  const { json } = await post(`/sims/${sim.id}`, { status: 'inactive', fleet: 'vans' });
  assert.deepEqual(
    [json.status, json.fleet, json.data.limitBytes],
    ['inactive', { id: fleet.id, uniqueName: 'vans' }, 1_000_000],
  );
  assert.equal((await post(`/sims/${sim.id}`, { status: 'active' })).json.status, 'active');
  const listed = await get('/sims?fleet=vans&status=active');
  assert.deepEqual(
    listed.json.data.map((each: any) => each.id),
    [sim.id],
  );
});

test('a SIM of another core shows what it is scheduled for, and refuses more until that is done', async () => {
  const sim = await newSim({ core: 'osmo_hlr' });
  const { json } = await post(`/sims/${sim.id}`, { status: 'inactive' });
  assert.deepEqual(
    [json.status, json.scheduledStatus, json.core.state, json.core.attempts],
    ['scheduled', 'inactive', 'waiting', 0],
  );
  assert.equal((await post(`/sims/${sim.id}`, { status: 'active' })).json.code, 'status_scheduled');
  assert.equal((await get('/sims?status=scheduled')).json.data[0].id, sim.id);
});

for (const [what, body, field] of [
  ['an unknown status', { status: 'new' }, 'status'],
  ['a name of digits', { uniqueName: '123' }, 'uniqueName'],
  ['an unknown member', { colour: 'red' }, 'colour'],
] as const)
  test(`${what} is refused`, async () => {
    const { id } = await newSim();
    const { json } = await post(`/sims/${id}`, body);
    assert.equal(json.code, 'invalid_request');
    assert.ok(JSON.stringify(json).includes(field));
  });

test('SIMs are listed page by page', async () => {
  const made = [await newSim(), await newSim()];
  const { json: first } = await get('/sims?limit=1');
  const { json: second } = await get(`/sims?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual(
    [first.data[0].id, second.data[0].id],
    made
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  assert.equal((await get('/sims?cursor=nonsense')).json.code, 'invalid_request');
  assert.equal((await get(`/sims?iccid=${made[0]!.iccid}`)).json.data.length, 1);
});

test('billing periods are listed newest first', async () => {
  const sim = await newSim();
  await post(`/sims/${sim.id}`, { status: 'active' });
  const { json } = await get(`/sims/${sim.id}/billing-periods`);
  assert.deepEqual(
    json.data.map((each: any) => [each.kind, each.endsAt === null]),
    [
      ['active', false],
      ['ready', false],
    ],
  );
});

test("another account's SIM, fleet, profile and command answer like ones that do not exist", async () => {
  const sim = await newSim();
  const fleet = await newFleet();
  const { json: profile } = await post('/network-access-profiles', { networks: [] });
  const { json: command } = await post('/commands', { sim: sim.id, kind: 'sms', payload: 'x' });
  const seen = { sim: sim.id, mcc: '204', mnc: '08' };
  const asked = await Promise.all([
    get(`/sims/${sim.id}`, { secret: stranger }),
    get(`/sims/${sim.iccid}/billing-periods`, { secret: stranger }),
    get(`/sims/${sim.imsi}/ip-addresses`, { secret: stranger }),
    get(`/sims?fleet=${fleet.id}`, { secret: stranger }),
    get(`/fleets/${fleet.id}`, { secret: stranger }),
    get(`/network-access-profiles/${profile.id}`, { secret: stranger }),
    get(`/commands/${command.id}`, { secret: stranger }),
    get(`/commands?sim=${sim.id}`, { secret: stranger }),
    post(`/sims/${sim.id}`, { uniqueName: 'x' }, { secret: stranger }),
    post(`/fleets/${fleet.id}`, { apn: 'x' }, { secret: stranger }),
    post(`/network-access-profiles/${profile.id}`, { networks: [] }, { secret: stranger }),
    post('/commands', { sim: sim.id, kind: 'sms', payload: 'x' }, { secret: stranger }),
    post('/network/attachments', seen, { secret: stranger }),
    post('/network/locations', seen, { secret: stranger }),
    post('/network/detachments', { sim: sim.id }, { secret: stranger }),
    post('/network/authentication-vectors', { sim: sim.id }, { secret: stranger }),
    post('/network/commands/take', { sim: sim.id }, { secret: stranger }),
    post('/network/commands', { sim: sim.id, kind: 'sms', payload: 'x' }, { secret: stranger }),
    post(`/network/commands/${command.id}/report`, { status: 'failed' }, { secret: stranger }),
  ]);
  for (const { json } of asked) assert.equal(json.code, 'not_found');
});
