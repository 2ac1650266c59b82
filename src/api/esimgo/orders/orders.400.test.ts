import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const elsewhere = { ...bundle1Gb, name: 'esim_1GB_7D_US_V2', countries: ['US'] };
const dear = { ...bundle1Gb, name: 'esim_dear', prices: { USD: 1_000_00n } };
const noStock = { ...bundle1Gb, name: 'esim_scarce' };
const door = await openEsimGo(await testDatabase(), {
  products: [bundle1Gb, elsewhere, dear, noStock],
  stock: 4,
});
const { call, foreign } = door;
const item = bundle1Gb.name;
const order = (body: unknown, options = {}) => call('POST', '/orders', { body, ...options });
const transaction = (parts: object, more: object = {}) => ({
  type: 'transaction',
  assign: true,
  order: [{ type: 'bundle', quantity: 1, item, ...parts }],
  ...more,
});
const [{ iccids: own }] = (await order(transaction({}))).body.order;

for (const [what, body, words] of [
  ['an unknown bundle', transaction({ item: 'esim_none' }), /case-sensitive/],
  ['a wrongly cased bundle', transaction({ item: item.toUpperCase() }), /case-sensitive, and there is esim_/],
  ['ICCIDs without assign', transaction({ iccids: own }, { assign: false }), /iccids: set assign to true/],
  ['a count that is not the quantity', transaction({ iccids: own, quantity: 2 }), /quantity: give 1/],
  ['an unknown ICCID', transaction({ iccids: ['8944000000000000000'] }), /iccid/i],
  ['no type', { assign: true, order: [{ quantity: 1, item }] }, /type: /],
  ['another type', transaction({}, { type: 'quote' }), /type: give validate, transaction/],
  ['another item type', transaction({ type: 'sim' }), /type: give bundle/],
  ['no items', { type: 'validate', assign: true, order: [] }, /order: give at least one item/],
  ['no order at all', { type: 'validate', assign: true }, /order: /],
  ['a quantity of none', transaction({ quantity: 0 }), /quantity: give a whole number/],
  ['too many', transaction({ quantity: 10_001 }), /quantity: give a whole number from 1 to 10000/],
  ['a balance too low', transaction({ item: 'esim_dear' }), /costs 1000\.00 USD, and 98\.00 is available/],
  ['more than the stock', transaction({ quantity: 5 }), /in stock/],
  ['an unknown branding', transaction({}, { profileID: 'nobody' }), /profileID|branding/i],
  ['a body that is no object', 'null', /./],
] as const)
  test(`an order with ${what} is refused in words, and nothing moves`, async () => {
    const before = (await call('GET', '/organisation')).body.balance;
    const { status, body: answer, headers } = await order(body);
    assert.equal(status, 400, JSON.stringify(answer));
    assert.match(answer.message, words);
    assert.match(String(headers['content-type']), /^text\/plain/);
    assert.equal((await call('GET', '/organisation')).body.balance, before);
  });

test("another organisation's eSIM and order are answered as ones that do not exist", async () => {
  const key = foreign.secret;
  const reference = (await call('GET', '/orders')).body.orders[0].orderReference;
  const theirs = await order(transaction({ iccids: own }), { key });
  const none = await order(transaction({ iccids: ['8944000000000000000'] }), { key });
  assert.equal(theirs.status, 400);
  assert.equal(theirs.text.replaceAll(own[0], ''), none.text.replaceAll('8944000000000000000', ''));
  const seen = await call('GET', `/orders/${reference}`, { key });
  const unknown = await call('GET', '/orders/00000000-0000-7000-8000-000000000000', { key });
  assert.deepEqual([seen.status, seen.text], [400, unknown.text]);
});

for (const [what, path] of [
  ['a reference that is none', '/orders/nonsense'],
  ['a page of zero', '/orders?page=0'],
  ['a limit out of range', '/orders?limit=101'],
  ['a date without an operator', '/orders?createdAt=2024-01-01'],
  ['a date that is none', '/orders?createdAt=gte:2024-02-31'],
] as const)
  test(`${what} is refused in words`, async () => {
    const { status, body } = await call('GET', path);
    assert.equal(status, 400);
    assert.ok(body.message.length > 10, body.message);
  });
