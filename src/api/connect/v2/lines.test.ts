import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newSim, useData } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { call, ctx } = door;
const url = 'http://api.shop.example/connect-api/v2';
const pathOf = (link: string) => link.replace(/^.*\/connect-api/, '');

test('a SIM of version 2 has its links, of which those of the API lead to what they name', async () => {
  const { sim } = await newSim(door);
  const { status, body } = await call('GET', `/v2/sims/${sim.iccid}`);
  const { last_modified: modified, _metadata, ...rest } = body;
  assert.match(modified, /Z$/);
  assert.deepEqual(
    [status, rest],
    [200, { iccid: sim.iccid, status: 'Released', matching_id: sim.matchingId, sim_type: 'ESIM' }],
  );
  const { _qrcode: qrCode, ...links } = _metadata.links;
  const code = `LPA:1$${sim.smdpAddress}$${sim.matchingId}`;
  assert.deepEqual(links, {
    _lpa: code,
    _subscriptions: `${url}/subscriptions?iccid=${sim.iccid}`,
    _self: `${url}/sims/${sim.iccid}`,
  });
  assert.ok(qrCode.endsWith(code), qrCode);
  assert.equal((await call('GET', pathOf(links._subscriptions))).body.data.length, 1);
  assert.deepEqual((await call('GET', pathOf(links._self))).body, body);
});

test('a subscription of version 2 waits for its first use, is activated by its link, and tells what is left', async () => {
  const { sim, bundles } = await newSim(door);
  const { body } = await call('GET', `/v2/subscriptions?iccid=${sim.iccid}`);
  const [{ created_date: created, _metadata, ...waiting }] = body.data;
  assert.match(created, /Z$/);
  const same = {
    id: bundles[0]?.id,
    name: data1Gb.description,
    sim_id: sim.iccid,
    product_id: data1Gb.name,
    initial_balance: 1_000_000_000,
    balance_units: 'Bytes',
  };
  assert.deepEqual(waiting, {
    ...same,
    status: 'PENDING_USAGE',
    current_balance: 1_000_000_000,
    spend_balance: 0,
  });
  assert.deepEqual(_metadata.links, {
    _activate: `${url}/subscriptions/${bundles[0]?.id}/activate`,
    _sim: `${url}/sims/${sim.iccid}`,
    _product: `${url}/products/${data1Gb.name}`,
    _self: `${url}/subscriptions/${bundles[0]?.id}`,
  });
  const activated = (await call('POST', pathOf(_metadata.links._activate))).body;
  assert.deepEqual([activated.status, activated._metadata.links._activate], ['ACTIVE', undefined]);
  assert.equal(Date.parse(activated.expiry_date) - Date.parse(activated.activation_date), 7 * 86_400_000);
  await useData(ctx, sim, 300_000_000n);
  const used = (await call('GET', pathOf(_metadata.links._self))).body;
  assert.deepEqual([used.current_balance, used.spend_balance], [700_000_000, 300_000_000]);
});

test('one that waits for its day is PENDING', async () => {
  const { bundles } = await newSim(door, { line: { activatesAt: new Date(Date.now() + 86_400_000) } });
  const { body } = await call('GET', `/v2/subscriptions/${bundles[0]?.id}`);
  assert.equal(body.status, 'PENDING');
  assert.ok(Date.parse(body.activation_date) > Date.now());
});

test('pages of version 2 are counted, and link to the ones around them', async () => {
  const { sim } = await newSim(door, { products: Array(5).fill(data1Gb.name) });
  const query = `iccid=${sim.iccid}&page_size=2`;
  const page = async (number: number) =>
    (await call('GET', `/v2/subscriptions?${query}&page=${number}`)).body;
  const [first, second, third, beyond] = await Promise.all([1, 2, 3, 9].map(page));
  const at = (number: number) => `${url}/subscriptions?${query}&page=${number}`;
  const meta = { page_size: 2, page_count: 3 };
  assert.deepEqual(first._metadata, { page: 1, ...meta, links: { _self: at(1), _next: at(2) } });
  assert.deepEqual(second._metadata, {
    page: 2,
    ...meta,
    links: { _prev: at(1), _self: at(2), _next: at(3) },
  });
  assert.deepEqual(third._metadata, { page: 3, ...meta, links: { _prev: at(2), _self: at(3) } });
  assert.deepEqual([beyond.data, beyond._metadata.page_count], [[], 3]);
  const none = await call('GET', '/v2/subscriptions?iccid=8900000000000000006');
  assert.deepEqual([none.body.data, none.body._metadata.page_count], [[], 1]);
  const refused = await call('GET', '/v2/subscriptions?page_size=0');
  assert.deepEqual(refused.body.messages, ['page_size: give a whole number from 1 to 1000']);
});
