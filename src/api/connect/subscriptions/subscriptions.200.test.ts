import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCustomer } from '../../../modules/customers/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newSim, useData } from '../test_lines.ts';

const other = {
  ...data1Gb,
  name: 'esim_5GB_30D_NL_V2',
  description: '5 GB',
  dataBytes: 5_000_000_000n,
  validityDays: 30,
};
const endless = { ...data1Gb, name: 'esim_UL_1D_NL_V2', dataBytes: null, unlimited: true, validityDays: 1 };
const calls = { ...data1Gb, name: 'esim_CALLS_1D_NL_V2', dataBytes: null, voiceSeconds: 60 };
const door = await openConnect(await testDatabase(), {
  fulfils: false,
  products: [data1Gb, other, endless, calls],
});
const { call, ctx } = door;
const accountId = door.account.account.id;
const idsOf = (list: { id: string }[]) => list.map(({ id }) => id);

test('a subscription has its balances as texts of bytes, its product, its SIM and its device', async () => {
  const device = { id: '123456789', type: 'ios', model: 'iPhone' };
  const { sim, bundles } = await newSim(door, { order: { device } });
  const at = `/v1/subscription/${bundles[0]?.id}`;
  const { status, body } = await call('GET', at);
  assert.equal(status, 200);
  const { createdDate, ...rest } = body;
  assert.match(createdDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const pending = {
    id: bundles[0]?.id,
    status: 'PENDING',
    initialBalance: '1000000000',
    spentBalance: '0',
    product: {
      id: data1Gb.name,
      name: data1Gb.description,
      period: 7,
      period_unit: 'DAYS',
      plan_id: 'Standard',
    },
    iccid: sim.iccid,
    device_id: '123456789',
    auto_renew: 'false',
  };
  assert.deepEqual(rest, pending);
  await useData(ctx, sim, 400_000_000n);
  const active = (await call('GET', `/v1/subscriptions/${bundles[0]?.id}/`)).body;
  const { activationDate, expirationDate, createdDate: _, ...used } = active;
  assert.deepEqual(used, { ...pending, status: 'ACTIVE', spentBalance: '400000000' });
  assert.equal(Date.parse(expirationDate) - Date.parse(activationDate), 7 * 86_400_000);
  await useData(ctx, sim, 600_000_000n);
  assert.equal((await call('GET', at)).body.status, 'DEPLETED');
});

test('without a limit the balance is -1, without data it is 0', async () => {
  const { bundles } = await newSim(door, { products: [endless.name, calls.name] });
  const seen = await Promise.all(bundles.map(({ id }) => call('GET', `/v1/subscription/${id}`)));
  assert.deepEqual(
    seen.map(({ body }) => body.initialBalance),
    ['-1', '0'],
  );
});

test('those of one SIM are listed newest first, by its paths and by the filter', async () => {
  const { sim, bundles } = await newSim(door, { products: [data1Gb.name, other.name] });
  const ids = idsOf(bundles).reverse();
  for (const path of [
    `/v1/sim/${sim.iccid}/subscriptions`,
    `/v1/sims/${sim.iccid}/subscriptions/`,
    `/v1/status/subscriptions?iccid=${sim.iccid}`,
    `/v1/subscription?iccid=${sim.iccid}`,
    `/v1/subscriptions/?iccid=${sim.iccid}/`,
  ])
    assert.deepEqual(idsOf((await call('GET', path)).body), ids, path);
});

test('filters by customer, product and time are those of the query, and hold together', async () => {
  const customer = await write(ctx, {}, (tx) => createCustomer(tx, { accountId, email: 'ana@example.com' }));
  const { sim, bundles } = await newSim(door, { order: { customerId: customer.id } });
  const { bundles: others } = await newSim(door, {
    products: [other.name],
    order: { customerId: customer.id },
  });
  const [first, second] = [bundles[0]?.id, others[0]?.id];
  const ids = async (query: Record<string, string>) =>
    idsOf((await call('GET', '/v1/subscription', { query })).body);
  const email = 'ANA@example.com';
  assert.deepEqual(await ids({ email }), [second, first]);
  assert.deepEqual(await ids({ email, 'product-id': other.name }), [second]);
  assert.deepEqual(await ids({ email, iccid: sim.iccid }), [first]);
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  assert.deepEqual(await ids({ email, before: at(60_000), after: at(-60_000) }), [second, first]);
  assert.deepEqual(await ids({ email, before: at(-60_000) }), []);
  assert.deepEqual(await ids({ email, after: at(60_000).replace('Z', '+0000') }), []);
  for (const none of [
    { email: 'nobody@example.com' },
    { iccid: '8900000000000000006' },
    { 'product-id': 'nothing' },
    { before: '0000-01-01T00:00:00Z' },
  ])
    assert.deepEqual(await ids(none as unknown as Record<string, string>), []);
  assert.deepEqual(await ids({ email: '', iccid: sim.iccid, before: '' }), [first]);
});

test('pages are walked by the URLs in headers, which are absent at the ends', async () => {
  const { sim, bundles } = await newSim(door, { products: Array(5).fill(data1Gb.name) });
  const query = `iccid=${sim.iccid}&size=2&after=2020-01-01T00:00:00%2B0000`;
  const walked = [];
  let path: string | undefined = `/v1/subscription?${query}`;
  let previous: string | undefined;
  while (path !== undefined) {
    const { body, headers }: Awaited<ReturnType<typeof call>> = await call('GET', path);
    walked.push(idsOf(body));
    assert.equal(headers['x-previous-page'] === undefined, walked.length === 1);
    previous = headers['x-previous-page'];
    path = headers['x-next-page']?.replace(/^http:\/\/api\.shop\.example\/connect-api/, '');
    assert.ok(path === undefined || path.startsWith('/v1/subscription?'), path);
  }
  assert.deepEqual(
    walked.map(({ length }) => length),
    [2, 2, 1],
  );
  assert.deepEqual(walked.flat(), idsOf(bundles).reverse());
  const back = await call('GET', String(previous).replace(/^.*\/connect-api/, ''));
  assert.deepEqual(idsOf(back.body), walked[1]);
});

test('a pending subscription is activated now, by each of its paths', async () => {
  const { bundles } = await newSim(door, { products: [data1Gb.name] });
  const answer = await call('POST', `/v1/subscription/${bundles[0]?.id}/activate`);
  assert.deepEqual([answer.status, answer.body.status], [200, 'ACTIVE']);
  assert.ok(Math.abs(Date.parse(answer.body.activationDate) - Date.now()) < 10_000);
  for (const path of ['/v1/subscriptions/{id}/activate', '/v1/status/subscription/{id}/activate']) {
    const { bundles: more } = await newSim(door);
    assert.equal((await call('POST', path.replace('{id}', String(more[0]?.id)))).body.status, 'ACTIVE');
  }
});

test('nothing of another client is in a list', async () => {
  const { sim, bundles } = await newSim(door, { of: door.subaccount });
  const token = await door.tokenOf(door.foreign);
  for (const path of ['/v1/subscription', `/v1/subscription?iccid=${sim.iccid}`])
    assert.deepEqual((await call('GET', path, { token })).body, []);
  const own = idsOf((await call('GET', '/v1/subscription?size=1000')).body);
  assert.ok(own.length > 0 && !own.includes(String(bundles[0]?.id)));
});
