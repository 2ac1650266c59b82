import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const stranger = await shop.newKey(['read', 'orders:write'], await shop.newAccount());

async function place(more: object = {}): Promise<string> {
  const body = { lines: [{ product: product.name }], ...more };
  return (await shop.call('POST', '/v1/orders', { body })).json.id;
}

type Ids = { data: { id: string }[]; nextCursor: string | null };
const idsOf = ({ data }: Ids) => data.map((each) => each.id);

test('an order is completed by fulfilment and shows its eSIMs', async () => {
  const id = await place({ lines: [{ product: product.name, quantity: 3 }] });
  await shop.fulfil();
  const { json: order } = await shop.call('GET', `/v1/orders/${id}`);
  assert.deepEqual([order.status, order.fulfilled, order.quantity], ['completed', 3, 3]);
  const { json: all } = await shop.call('GET', `/v1/orders/${id}/esims`);
  assert.equal(all.data.length, 3);
  const { json: first } = await shop.call('GET', `/v1/orders/${id}/esims?limit=2`);
  const { json: rest } = await shop.call('GET', `/v1/orders/${id}/esims?limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual([...idsOf(first), ...idsOf(rest)], idsOf(all));
  assert.equal(rest.nextCursor, null);
});

test('pages of orders hold each once, newest first', async () => {
  const placed = [await place(), await place(), await place()];
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { json }: { json: Ids } = await shop.call(
      'GET',
      `/v1/orders?limit=2${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...idsOf(json));
    cursor = json.nextCursor;
  }
  assert.equal(new Set(seen).size, seen.length);
  for (const id of placed) assert.ok(seen.includes(id));
  assert.deepEqual(seen, seen.toSorted().reverse());
});

test('orders are found by reference and status', async () => {
  const id = await place({ reference: 'Größe 12 & more' });
  const query = `reference=${encodeURIComponent('Größe 12 & more')}`;
  assert.deepEqual(idsOf((await shop.call('GET', `/v1/orders?${query}`)).json), [id]);
  assert.deepEqual(idsOf((await shop.call('GET', `/v1/orders?${query}&status=failed`)).json), []);
});

test('an accepted order is cancelled once, and its price is there again', async () => {
  const before = (await shop.call('GET', '/v1/account')).json.wallet;
  const id = await place();
  const cancelled = await shop.call('POST', `/v1/orders/${id}/cancel`);
  assert.equal(cancelled.json.status, 'cancelled');
  assert.deepEqual((await shop.call('POST', `/v1/orders/${id}/cancel`)).json, cancelled.json);
  assert.deepEqual((await shop.call('GET', '/v1/account')).json.wallet, before);
});

test('an empty body with a JSON content type is no body', async () => {
  const request = { headers: { 'content-type': 'application/json' } };
  assert.equal((await shop.call('POST', `/v1/orders/${await place()}/cancel`, request)).status, 200);
});

test('a completed order is not cancelled', async () => {
  const id = await place();
  await shop.fulfil();
  const { status, json } = await shop.call('POST', `/v1/orders/${id}/cancel`);
  assert.deepEqual([status, json.code], [409, 'order_not_cancellable']);
});

test("another account's order answers like one that does not exist", async () => {
  const id = await place();
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/esims'],
    ['GET', '/qr-codes.zip'],
    ['POST', '/cancel'],
  ] as const) {
    const answers = await Promise.all(
      [id, `ord_${'0'.repeat(32)}`, 'nonsense', '%00'].map((each) =>
        shop.call(method, `/v1/orders/${each}${path}`, { secret: stranger }),
      ),
    );
    assert.deepEqual(
      new Set(answers.map(({ status, json }) => `${status} ${json.code}`)),
      new Set(['404 not_found']),
    );
  }
  assert.equal((await shop.call('GET', `/v1/orders/${id}`)).json.status, 'accepted');
  assert.deepEqual((await shop.call('GET', '/v1/orders', { secret: stranger })).json.data, []);
});

for (const query of [
  'limit=0',
  'limit=201',
  'limit=x',
  'cursor=x',
  'status=open',
  'colour=red',
  'reference=%00',
]) {
  test(`the query ${query} is refused by name`, async () => {
    const { json } = await shop.call('GET', `/v1/orders?${query}`);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', query.split('=')[0]]);
  });
}
