import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const elsewhere = { ...bundle1Gb, name: 'esim_other' };
const door = await openEsimGo(await testDatabase(), { products: [bundle1Gb, elsewhere], stock: 60 });
const { call, foreign } = door;
const item = bundle1Gb.name;
const order = (body: object) => call('POST', '/orders', { body: { type: 'transaction', ...body } });
const apply = (body: object, options = {}) => call('POST', '/esims/apply', { body, ...options });
const left = async (name = item): Promise<number> => {
  const { bundles } = (await call('GET', '/inventory')).body;
  const lots = bundles.find((each: any) => each.name === name)?.available ?? [];
  return lots.reduce((sum: number, lot: any) => sum + lot.remaining, 0);
};
await order({ assign: false, order: [{ quantity: 20, item }] });
const [{ iccids: own }] = (await order({ assign: true, order: [{ quantity: 1, item }] })).body.order;

test('a bundle of the inventory comes onto an eSIM that is given, and nothing is paid again', async () => {
  const before = (await call('GET', '/organisation')).body.balance;
  const { status, body } = await apply({ iccid: own[0], name: item });
  assert.equal(status, 200);
  assert.deepEqual(body.esims, [{ iccid: own[0], status: 'Successfully Applied Bundle', bundle: item }]);
  assert.equal(await left(), 19);
  assert.equal((await call('GET', '/organisation')).body.balance, before);
  const { text } = await call('GET', '/esims/assignments', { query: { reference: body.applyReference } });
  assert.equal(text.split('\n')[1]?.split(',')[0], own[0]);
});

test('without an ICCID new eSIMs come with it, as many as asked for, from several bundles at once', async () => {
  const one = await apply({ name: item, repeat: 2 });
  assert.equal(new Set(one.body.esims.map((each: any) => each.iccid)).size, 2);
  const mixed = await apply({ bundles: [{ name: item }, { name: item, repeat: 2 }] });
  assert.equal(mixed.body.esims.length, 3);
  assert.equal(await left(), 14);
});

test('the same Idempotency-Key applies once', async () => {
  const headers = { 'Idempotency-Key': 'apply-7' };
  const [first, second] = [
    await apply({ name: item }, { headers }),
    await apply({ name: item }, { headers }),
  ];
  assert.deepEqual(first.body, second.body);
  assert.equal(await left(), 13);
});

for (const [what, body, words] of [
  ['more than the inventory has', { name: item, repeat: 14 }, /inventory has 13/],
  ['a bundle that is not in it', { name: 'esim_other' }, /inventory has 0/],
  ['an unknown bundle', { name: 'esim_none' }, /case-sensitive/],
  ['repeat with an ICCID', { iccid: own[0], name: item, repeat: 2 }, /repeat: leave it out/],
  ['both name and bundles', { name: item, bundles: [{ name: item }] }, /either name or bundles/],
  ['neither', {}, /either name or bundles/],
  ['an empty list', { bundles: [] }, /at least one bundle/],
  ['an unknown ICCID', { iccid: '8944000000000000000', name: item }, /iccid/i],
] as const)
  test(`applying ${what} is refused in words, and the inventory keeps what it has`, async () => {
    const { status, body: answer } = await apply(body);
    assert.equal(status, 400);
    assert.match(answer.message, words);
    assert.equal(await left(), 13);
  });

test('bundles of the inventory are given back for what they cost, by their number, once', async () => {
  const { bundles } = (await call('GET', '/inventory')).body;
  const [{ id: usageId }] = bundles[0].available;
  const before = (await call('GET', '/organisation')).body.balance;
  const refund = (body: object, options = {}) => call('POST', '/inventory/refund', { body, ...options });
  assert.equal((await refund({ usageId, quantity: 1 }, { key: foreign.secret })).status, 400);
  const { status, body } = await refund({ usageId, quantity: 13 });
  assert.deepEqual([status, body.status], [200, 'Successfully refunded bundles to balance']);
  assert.equal((await call('GET', '/organisation')).body.balance, before + 26);
  assert.match((await refund({ usageId, quantity: 1 })).body.message, /There are 0 left/);
  for (const wrong of [
    { usageId },
    { quantity: 1 },
    { usageId: 'x', quantity: 1 },
    { usageId: 999_999, quantity: 1 },
  ])
    assert.equal((await refund(wrong)).status, 400);
});
