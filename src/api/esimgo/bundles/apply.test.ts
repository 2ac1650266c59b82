import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { bundleName, shopper } from './test_shopper.ts';

const door = await openEsimGo(await testDatabase());
const { call, foreign, newKey } = door;
const { buyOne, order } = shopper(door);
const apply = (iccid: string, body: unknown, options = {}) =>
  call('POST', `/esims/${iccid}/bundles`, { body, ...options });
const count = async (iccid: string) =>
  (await call('GET', `/esims/${iccid}/bundles`)).body.bundles[0]?.assignments.length ?? 0;

test('bundles of the inventory come onto an eSIM as often as it is said, and not when there are too few', async () => {
  const { iccid } = await buyOne();
  await order({ quantity: 3, assign: false });
  const { status, body } = await apply(iccid, { name: bundleName, repeat: 2 });
  assert.deepEqual([status, Object.keys(body), await count(iccid)], [200, ['status'], 3]);
  const { body: refusal, status: refused } = await apply(iccid, { name: bundleName, repeat: 2 });
  assert.equal(refused, 400);
  assert.match(refusal.message, /inventory has 1/);
  assert.equal((await apply(iccid, { name: bundleName, repeat: '', startTime: '' })).status, 200);
  assert.equal(await count(iccid), 4);
});

test('a start time is kept to, and the same key applies once', async () => {
  const { iccid } = await buyOne();
  await order({ quantity: 2, assign: false });
  const body = { name: bundleName, startTime: new Date(Date.now() + 86_400_000).toISOString() };
  const headers = { 'Idempotency-Key': 'apply-1' };
  for (let n = 0; n < 2; n++) assert.equal((await apply(iccid, body, { headers })).status, 200);
  assert.equal(await count(iccid), 2);
  assert.equal((await apply(iccid, { ...body, name: 'x' }, { headers })).status, 400);
});

const refused: [name: string, body: unknown, message: RegExp][] = [
  ['without a name', {}, /name/],
  ['of an unknown bundle', { name: 'esim_1GB_7D_nl_V2' }, /case-sensitive/],
  ['of no times', { name: bundleName, repeat: 0 }, /repeat.*1 to 100/],
  ['of half a time', { name: bundleName, repeat: 1.5 }, /repeat/],
  ['at no time', { name: bundleName, startTime: 'soon' }, /startTime.*RFC 3339/],
  ['in the past', { name: bundleName, startTime: '2020-01-01' }, /startTime.*year ahead/],
  ['that is no object', [1], /./],
];
for (const [name, body, message] of refused)
  test(`an application ${name} is refused`, async () => {
    const { iccid } = await buyOne();
    await order({ quantity: 1, assign: false });
    const answer = await apply(iccid, body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, message);
    assert.equal(await count(iccid), 1);
  });

test("another organisation's eSIM gets nothing, nor does one of ours by a key that may only read", async () => {
  const { iccid } = await buyOne();
  assert.equal((await apply(iccid, { name: bundleName }, { key: foreign.secret })).status, 400);
  const { secret: key } = await newKey(['read']);
  assert.equal((await apply(iccid, { name: bundleName }, { key })).status, 403);
});
