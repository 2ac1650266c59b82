import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

test('a reader that goes on from its cursor sees an order through, each event once', async () => {
  const { json: order } = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: product.name }] },
  });
  await shop.fulfil();
  const types: string[] = [];
  for (let after = ''; !types.includes('order.completed'); ) {
    const { json } = await shop.call('GET', `/v1/events?limit=2${after && `&after=${after}`}`);
    types.push(...json.data.map((each: { type: string }) => each.type));
    after = json.nextCursor ?? after;
    if (json.data.length === 0) await setTimeout(20);
  }
  const story = types.filter((type) => /^(order|esim)/.test(type));
  assert.deepEqual(story, ['order.accepted', 'esim.reserved', 'esim.available', 'order.completed']);
  const [first] = await shop.events(`resource=${order.id}&type=order.completed`);
  assert.equal(first?.['type'], 'order.completed');
});

test('several types may be asked for', async () => {
  const events = await shop.events('type=order.accepted&type=order.completed');
  assert.deepEqual(
    new Set(events.map((each) => each['type'])),
    new Set(['order.accepted', 'order.completed']),
  );
});

test('at the end there is nothing, and a cursor to go on from', async () => {
  const { json: all } = await shop.call('GET', '/v1/events?limit=200');
  const { json } = await shop.call('GET', `/v1/events?after=${all.nextCursor}`);
  assert.deepEqual(json.data, []);
  await shop.call('POST', '/v1/balance/top-ups', { body: { amount: { amount: '1.00', currency: 'EUR' } } });
  const { json: later } = await shop.call('GET', `/v1/events?after=${json.nextCursor}`);
  assert.deepEqual(
    later.data.map((each: { type: string }) => each.type),
    ['balance.topped_up'],
  );
});

test('an account to which nothing happened sees nothing of others', async () => {
  const secret = await shop.newKey(['read'], await shop.newAccount());
  const { json } = await shop.call('GET', '/v1/events?type=order.accepted', { secret });
  assert.deepEqual(json.data, []);
});

for (const query of ['after=nonsense', 'type=order.eaten', 'limit=1000', 'resource=%00']) {
  test(`the query ${query} is refused by name`, async () => {
    const { json } = await shop.call('GET', `/v1/events?${query}`);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', query.split('=')[0]]);
  });
}
