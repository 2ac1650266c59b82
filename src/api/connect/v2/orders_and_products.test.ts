import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCustomer } from '../../../modules/customers/index.ts';
import { getOrder } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { testHost } from '../../http/test_door.ts';
import { readUuid } from '../../http/uuid_of_id.ts';
import { ended } from '../orders/test_orders.ts';
import { data1Gb, openConnect } from '../test_connect.ts';

const europe = { ...data1Gb, name: 'europe', countries: ['DE', 'FR'], prices: { USD: 450n, EUR: 400n } };
const door = await openConnect(await testDatabase(), { products: [data1Gb, europe] });
const accountId = door.account.account.id;
const api = `http://${testHost}/connect-api`;

const activation = (more: object = {}) => ({
  operation_type: 'ACTIVATION',
  sim_type: 'ESIM',
  country: 'PT',
  product: { id: data1Gb.name, sold_price: 2, sold_currency: 'USD' },
  subscriber: {
    email: 'ann@example.com',
    first_name: 'Ann',
    last_name: 'Lee',
    country_of_residence: 'US',
    device: { operating_system: 'iOS 17', model: 'Phone', id: 'phone-1' },
  },
  ...more,
});
const post = (body: unknown, options = {}) => door.call('POST', '/v2/orders', { body, ...options });

test('an activation is accepted, and told with the places of all it became', async () => {
  const { status, body } = await post(activation());
  assert.equal(status, 200);
  const { id, created_date: created } = body;
  const self = `${api}/v2/orders/${id}`;
  assert.deepEqual(body, {
    id,
    status: 'ACCEPTED',
    created_date: created,
    _metadata: { _links: { _self: self } },
  });
  assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const done = await ended(door, `/v2/orders/${id}`);
  const { matching_id, iccid, subscription_id } = done.output;
  const { body: v1 } = await door.call('GET', `/v1/order/${id}`);
  assert.deepEqual(done, {
    id,
    status: 'COMPLETED',
    created_date: created,
    output: { matching_id, iccid, subscription_id },
    _metadata: {
      links: {
        _lpa: v1.output.lpa_url,
        _qrcode: v1.output.qrcode_url,
        _sim: `${api}/v2/sims/${iccid}`,
        _smdp: v1.output.smdpUrl,
        _subscription: `${api}/v2/subscriptions/${subscription_id}`,
        _self: self,
      },
    },
  });
  assert.deepEqual(
    [matching_id, iccid, subscription_id],
    [v1.output.matchingId, v1.output.iccid, v1.output.subscription_id],
  );
  const order = await getOrder(door.ctx, { accountId, id: readUuid('order', id)! });
  assert.deepEqual(order.device, { id: 'phone-1', type: 'ios', model: 'Phone' });
  assert.equal(order.customerId, (await findCustomer(door.ctx, { accountId, email: 'ann@example.com' }))?.id);
});

test('the links of an answer lead somewhere', async () => {
  const { body } = await post(activation());
  const done = await ended(door, `/v2/orders/${body.id}`);
  const { _lpa, _smdp, _qrcode, ...links } = done._metadata.links;
  for (const url of Object.values<string>(links)) {
    const { status } = await door.call('GET', url.slice(api.length));
    assert.equal(status, 200, url);
  }
});

test('a top-up needs a product and a SIM alone, and has no matching id', async () => {
  const { body: made } = await post(
    activation({ subscriber: undefined, country: undefined, sim_type: undefined }),
  );
  const { output } = await ended(door, `/v2/orders/${made.id}`);
  const topUp = {
    operation_type: 'TOPUP',
    product: { id: europe.name, activation_date: new Date(Date.now() + 86_400_000).toISOString() },
    subscriber: { sim: { iccid: output.iccid } },
  };
  const { status, body } = await post(topUp);
  assert.equal(status, 200, JSON.stringify(body));
  const done = await ended(door, `/v2/orders/${body.id}`);
  assert.deepEqual(Object.keys(done.output), ['iccid', 'subscription_id']);
  assert.equal(done.output.iccid, output.iccid);
});

test('every problem of an order is told at once, by the names of version 2', async () => {
  const { status, body } = await post({
    operation_type: 'NEW_ESIM',
    sim_type: 'PSIM',
    country: 'Portugal',
    product: { sold_price: 1, activation_date: '2019-09-13T12:00:00Z' },
    subscriber: {
      email: 5,
      country_of_residence: 'USA',
      device: { operating_system: 'windows', id: 1, model: {} },
      sim: { iccid: 'x' },
    },
  });
  assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
  assert.deepEqual(body.messages.map((each: string) => each.slice(0, each.indexOf(':'))).sort(), [
    'country',
    'operation_type',
    'product.activation_date',
    'product.id',
    'product.sold_currency',
    'sim_type',
    'subscriber.country_of_residence',
    'subscriber.device.id',
    'subscriber.device.model',
    'subscriber.device.operating_system',
    'subscriber.email',
    'subscriber.sim.iccid',
  ]);
});

for (const [what, body, ...expected] of [
  ['nothing', {}, 'operation_type', 'product'],
  [
    'members of other types',
    { operation_type: 1, product: 'x', subscriber: 'x' },
    'operation_type',
    'product',
    'subscriber',
  ],
  ['lists', activation({ product: [], subscriber: [] }), 'product', 'subscriber'],
  ['an unknown product', activation({ product: { id: 'x' } }), 'product.id'],
  [
    'another price',
    activation({ product: { id: data1Gb.name, sold_price: 1, sold_currency: 'USD' } }),
    'product.sold_price',
  ],
  ['a top-up without a SIM', activation({ operation_type: 'TOPUP' }), 'subscriber.sim.iccid'],
  ['an operation that an object has', activation({ operation_type: 'constructor' }), 'operation_type'],
] as const)
  test(`${what}: refused for ${expected.join(', ')}`, async () => {
    const { status, body: refusal } = await post(body);
    assert.equal(status, 400);
    const fields = refusal.messages.map((each: string) => each.slice(0, each.indexOf(':')));
    assert.deepEqual(fields.sort(), [...expected].sort());
  });

test('products come page by page in their envelope', async () => {
  const { status, body } = await door.call('GET', '/v2/products', {
    query: { page_size: '1', currency: 'USD' },
  });
  assert.equal(status, 200);
  const { data, _metadata } = body;
  assert.deepEqual(data, [
    {
      id: data1Gb.name,
      name: data1Gb.description,
      sim_type: ['ESIM'],
      duration: 7,
      duration_unit: 'DAYS',
      data: 1,
      data_unit: 'GB',
      price: 2,
      price_currency: 'USD',
      footprint_code: 'NL',
      _metadata: { _links: { _self: `${api}/v2/products/${data1Gb.name}` } },
    },
  ]);
  const { links, ...page } = _metadata;
  assert.deepEqual(page, { page: 1, page_size: 1, page_count: 2 });
  assert.equal(links._prev, undefined);
  const next = await door.call('GET', links._next.slice(api.length));
  assert.deepEqual(
    next.body.data.map(({ id, footprint_code }: Record<string, string>) => [id, footprint_code]),
    [[europe.name, 'Europe']],
  );
  assert.equal(next.body._metadata.links._next, undefined);
  assert.ok(next.body._metadata.links._prev);
  const url = data[0]!._metadata._links._self;
  assert.deepEqual(
    (await door.call('GET', url.slice(api.length), { query: { currency: 'USD' } })).body,
    data[0],
  );
});

test('without a token 401, and an order of another client is 404', async () => {
  assert.equal((await post(activation(), { token: null })).status, 401);
  const { body } = await post(activation());
  const token = await door.tokenOf(door.foreign);
  assert.equal((await door.call('GET', `/v2/orders/${body.id}`, { token })).status, 404);
});
