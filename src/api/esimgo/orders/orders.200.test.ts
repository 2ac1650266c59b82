import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getWallet } from '../../../modules/ledger/index.ts';
import { waitFor } from '../../../modules/webhooks/test_receiver.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase(), { stock: 60 });
const { call } = door;
const item = bundle1Gb.name;
const order = (body: object, options = {}) => call('POST', '/orders', { body, ...options });
const buy = async (parts: object, more: object = {}) =>
  (
    await order({
      type: 'transaction',
      assign: true,
      order: [{ type: 'bundle', quantity: 1, item, ...parts }],
      ...more,
    })
  ).body;
const available = async () =>
  (await getWallet(door.ctx, { accountId: door.account.account.id, currency: 'USD' })).availableMinor;

test('a validation says the total and moves nothing', async () => {
  const before = await available();
  const { status, body } = await order({
    type: 'validate',
    assign: true,
    order: [{ type: 'bundle', quantity: 2, item }],
  });
  assert.equal(status, 200);
  const { createdDate, ...rest } = body;
  assert.ok(!Number.isNaN(Date.parse(createdDate)));
  assert.deepEqual(rest, {
    order: [{ type: 'bundle', item, quantity: 2, subTotal: 4, pricePerUnit: 2, AllowReassign: false }],
    total: 4,
    valid: true,
    currency: 'USD',
    assigned: true,
  });
  assert.equal(await available(), before);
  assert.equal((await call('GET', '/orders')).body.rows, 0);
});

test('a small order is answered when it is completed, with what installs its eSIMs', async () => {
  const before = await available();
  const body = await buy({ quantity: 2 });
  assert.deepEqual([body.status, body.statusMessage], ['completed', 'Order completed: 2 eSIMs assigned']);
  const [{ esims, iccids }] = body.order;
  assert.equal(esims.length, 2);
  assert.deepEqual(
    iccids,
    esims.map((each: any) => each.iccid),
  );
  for (const { matchingId, smdpAddress } of esims) assert.ok(matchingId && !/\/|:\/\//.test(smdpAddress));
  assert.equal(before - (await available()), 400n);
  const seen = (await call('GET', `/orders/${body.orderReference}`)).body;
  const { sourceIP, ...placed } = body;
  assert.equal(sourceIP, '127.0.0.1');
  assert.deepEqual(seen, placed);
});

test('what real clients send is taken: Order, texts for flags, empty ICCIDs, no type, the older flat form', async () => {
  for (const body of [
    { type: 'transaction', assign: 'true', Order: [{ quantity: '1', item, iccids: [''] }] },
    { type: 'transaction', assign: true, order: [{ quantity: 1, item, iccids: [], allowReassign: '' }] },
    { type: 'transaction', assign: true, item, quantity: 1, iccids: [''] },
  ]) {
    const answer = await order(body);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.order[0].esims.length, 1);
  }
});

test('given ICCIDs are topped up, and bundles without assignment come to the inventory', async () => {
  const [{ iccids }] = (await buy({})).order;
  const topUp = await buy({ iccids });
  assert.deepEqual(topUp.order[0].iccids, iccids);
  const { bundles } = (await call('GET', `/esims/${iccids[0]}/bundles`)).body;
  assert.equal(bundles[0].assignments.length, 2);
  const stocked = (await order({ type: 'transaction', assign: false, order: [{ quantity: 3, item }] })).body;
  assert.deepEqual(
    [stocked.status, stocked.assigned, stocked.statusMessage],
    ['completed', false, 'Order completed: 3 bundles added to the inventory'],
  );
  const inventory = (await call('GET', '/inventory')).body.bundles;
  assert.deepEqual(
    inventory.map(({ name, available: [lot] }: any) => [name, lot.total, lot.remaining]),
    [[item, 3, 3]],
  );
});

test('the same Idempotency-Key is one order, charged once, and a client reference finds it', async () => {
  const before = await available();
  const body = {
    type: 'transaction',
    assign: true,
    order: [{ quantity: 1, item }],
    clientReference: 'booking-7',
  };
  const headers = { 'Idempotency-Key': 'booking-7' };
  const [first, second] = [await order(body, { headers }), await order(body, { headers })];
  assert.equal(first.body.orderReference, second.body.orderReference);
  assert.equal(before - (await available()), 200n);
  const { orders } = (await call('GET', '/orders', { query: { reference: 'booking-7' } })).body;
  assert.deepEqual(
    orders.map((each: any) => [each.orderReference, each.clientReference]),
    [[first.body.orderReference, 'booking-7']],
  );
});

test('orders are listed page by page, newest first, and by their time', async () => {
  const all = (await call('GET', '/orders', { query: { limit: 100, includeIccids: true } })).body;
  assert.equal(all.orders.length, all.rows);
  const pages = [];
  for (let page = 1; page <= all.rows; page++)
    pages.push(
      ...(await call('GET', '/orders', { query: { page, limit: 1, includeIccids: true } })).body.orders,
    );
  assert.deepEqual(pages, all.orders);
  const today = new Date().toISOString().slice(0, 10);
  const within = await call('GET', '/orders', { query: { createdAt: [`gte:${today}`, `lte:${today}`] } });
  assert.equal(within.body.rows, all.rows);
  const before = await call('GET', '/orders', { query: { createdAt: 'lte:2020-01-01' } });
  assert.deepEqual([before.body.rows, before.body.orders, before.body.pageCount], [0, [], 0]);
});

test('an order of more than five bundles is answered at once and completes in the background', async () => {
  const body = await buy({ quantity: 6 });
  assert.ok(['processing', 'completed'].includes(body.status), body.status);
  const done = await waitFor(async () => {
    const now = (await call('GET', `/orders/${body.orderReference}`)).body;
    return now.status === 'completed' && now;
  });
  assert.deepEqual([done.status, done.order[0].iccids.length], ['completed', 6]);
});
