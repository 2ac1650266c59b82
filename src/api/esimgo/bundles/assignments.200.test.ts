import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';
import { bundleName, shopper } from './test_shopper.ts';

const unlimited = {
  ...bundle1Gb,
  name: 'esim_UL_1D_NL_V2',
  dataBytes: null,
  unlimited: true,
  fairUse: [{ afterBytes: 1_000_000_000n, speedKbps: 512 }],
};
const short = { ...bundle1Gb, name: 'esim_1GB_1D_NL_V2', lapseDays: 3, validityDays: 1 };
const talk = {
  ...bundle1Gb,
  name: 'esim_10M_7D_NL_V2',
  dataBytes: null,
  voiceSeconds: 600,
  smsCount: 20,
};
const door = await openEsimGo(await testDatabase(), { products: [bundle1Gb, unlimited, short, talk] });
const { call, ctx } = door;
const { buyOne, order, use, wait } = shopper(door);

const list = async (iccid: string, query = {}) =>
  (await call('GET', `/esims/${iccid}/bundles`, { query })).body.bundles;
const latest = async (iccid: string, name = bundleName) =>
  (await call('GET', `/esims/${iccid}/bundles/${name}`)).body.assignments[0];

test('a bundle that waits is answered with all members of the document, and starts and shrinks with use', async () => {
  const esim = await buyOne();
  const waiting = await latest(esim.iccid);
  assert.deepEqual(waiting, {
    id: waiting.id,
    callTypeGroup: 'data',
    initialQuantity: 1_000_000_000,
    remainingQuantity: 1_000_000_000,
    assignmentDateTime: waiting.assignmentDateTime,
    assignmentReference: `${writeUuid(esim.orderId ?? '')}-0`,
    bundleState: 'queued',
    unlimited: false,
    allowances: [
      {
        type: 'DATA',
        service: 'ROAMING',
        description: '1000 MB',
        amount: 1_000,
        unit: 'MB',
        unlimited: false,
      },
    ],
  });
  assert.match(waiting.id, /^bun_/);
  await use(esim, 300_000_000n);
  const active = await latest(esim.iccid);
  assert.deepEqual([active.bundleState, active.remainingQuantity], ['active', 700_000_000]);
  assert.equal(Date.parse(active.endTime) - Date.parse(active.startTime), 7 * 86_400_000);
  assert.equal(active.id, waiting.id);
});

test('all seven states are reached', async () => {
  const states: Record<string, string> = {};
  const see = async (name: string, iccid: string, product?: string) => {
    states[name] = (await latest(iccid, product)).bundleState;
  };
  const [waiting, used, full, old, unused, back] = [
    await buyOne(),
    await buyOne(),
    await buyOne(),
    await buyOne(),
    await buyOne(),
    await buyOne(),
  ];
  await query(ctx.db, "update orders.orders set status = 'fulfilling' where id = $1", [waiting.orderId]);
  await see('processing', waiting.iccid);
  await query(ctx.db, "update orders.orders set status = 'completed' where id = $1", [waiting.orderId]);
  await see('queued', waiting.iccid);
  await use(used, 1n);
  await see('active', used.iccid);
  await use(full, 1_000_000_000n);
  await see('depleted', full.iccid);
  for (const each of [old, unused]) await order({ product: short.name, esims: [each.iccid] });
  await call('DELETE', `/esims/${old.iccid}/bundles/${bundleName}`);
  await use(old, 5n);
  await call('DELETE', `/esims/${back.iccid}/bundles/${bundleName}`);
  await see('revoked', back.iccid);
  await wait(4);
  await see('expired', old.iccid, short.name);
  await see('lapsed', unused.iccid, short.name);
  assert.equal(Object.keys(states).length, 7);
  for (const [wanted, state] of Object.entries(states)) assert.equal(state, wanted);
});

test('bundles are grouped by name, the latest first, and used ones are told when asked for', async () => {
  const esim = await buyOne();
  await use(esim, 1_000_000_000n);
  await order({ product: unlimited.name, esims: [esim.iccid] });
  await order({ esims: [esim.iccid] });
  await order({ esims: [esim.iccid] });
  const names = (bundles: { name: string; assignments: unknown[] }[]) =>
    bundles.map(({ name, assignments }) => [name, assignments.length]);
  assert.deepEqual(names(await list(esim.iccid)), [
    [bundleName, 2],
    [unlimited.name, 1],
  ]);
  const all = await list(esim.iccid, { includeUsed: true });
  assert.deepEqual(names(all), [
    [bundleName, 3],
    [unlimited.name, 1],
  ]);
  const states = all[0].assignments.map((each: { bundleState: string }) => each.bundleState);
  assert.deepEqual(states, ['queued', 'queued', 'depleted']);
  assert.equal(all[0].description, bundle1Gb.description);
  assert.deepEqual(names(await list(esim.iccid, { limit: 1 })), [[bundleName, 1]]);
  assert.equal((await latest(esim.iccid)).id, all[0].assignments[0].id);
});

test('fifteen assignments are answered unless more are asked for', async () => {
  const esim = await buyOne();
  for (let n = 0; n < 15; n++) await order({ esims: [esim.iccid] });
  const count = async (query: object) => (await list(esim.iccid, query))[0].assignments.length;
  assert.equal(await count({}), 15);
  assert.equal(await count({ limit: '200' }), 16);
  assert.equal(await count({ limit: 3, includeUsed: 'true' }), 3);
});

test('an unlimited bundle has -1 of data, and one for calls counts minutes', async () => {
  const esim = await buyOne();
  await order({ product: unlimited.name, esims: [esim.iccid] });
  await order({ product: talk.name, esims: [esim.iccid] });
  const data = await latest(esim.iccid, unlimited.name);
  assert.deepEqual([data.unlimited, data.initialQuantity, data.remainingQuantity], [true, -1, -1]);
  const calls = await latest(esim.iccid, talk.name);
  assert.deepEqual([calls.callTypeGroup, calls.unlimited, calls.initialQuantity], ['voice', false, 10]);
  assert.deepEqual(
    calls.allowances.map(({ type, amount }: { type: string; amount: number }) => [type, amount]),
    [
      ['VOICE', 10],
      ['SMS', 20],
    ],
  );
});
