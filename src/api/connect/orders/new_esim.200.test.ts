import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listBundles } from '../../../modules/bundles/index.ts';
import { findCustomer } from '../../../modules/customers/index.ts';
import { getEsim } from '../../../modules/esims/index.ts';
import { getWallet } from '../../../modules/ledger/index.ts';
import { getOrder, listOrders } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { testHost } from '../../http/test_door.ts';
import { smdpAddress } from '../../http/test_stock.ts';
import { readUuid } from '../../http/uuid_of_id.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newEsim, place, placed } from './test_orders.ts';

const data5Gb = { ...data1Gb, name: 'esim_5GB_30D_NL_V2', prices: { USD: 900n, EUR: 800n } };
const door = await openConnect(await testDatabase(), { products: [data1Gb, data5Gb] });
const accountId = door.account.account.id;

const orderOf = ({ id }: { id: string }) => getOrder(door.ctx, { accountId, id: readUuid('order', id)! });
const bundlesOf = async (iccid: string) => {
  const esim = await getEsim(door.ctx, { accountId, idOrIccid: iccid });
  return await listBundles(door.ctx, { accountId, esimId: esim.id });
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const written = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

test('an order is answered at once as ACCEPTED, under an id and its older alias', async () => {
  const { status, body } = await place(door, newEsim());
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['id', 'externalId', 'status']);
  assert.match(body.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(body.externalId, body.id);
  assert.equal(body.status, 'ACCEPTED');
});

test('a completed order tells all that a device needs, the address without a scheme and the code in its right form', async () => {
  const { output, ...rest } = await placed(door, newEsim());
  assert.deepEqual(rest, { status: 'COMPLETED', externalId: rest.id, id: rest.id });
  const { matchingId, iccid, subscription_id: first } = output;
  const code = `LPA:1$${smdpAddress}$${matchingId}`;
  assert.deepEqual(output, {
    matchingId,
    iccid,
    smdpUrl: smdpAddress,
    lpa_url: code,
    qrcode_url: `http://${testHost}/connect/qrcode/v1/esim/${code}`,
    subscription_id: first,
    subscription_ids: [first],
  });
  assert.match(matchingId, /^[0-9A-Z-]+$/);
  assert.deepEqual(
    (await bundlesOf(iccid)).map(({ id, productName }) => [id, productName]),
    [[first, data1Gb.name]],
  );
});

test('several subscriptions make one eSIM, each with its own activation date, and all are paid', async () => {
  const before = await getWallet(door.ctx, { accountId, currency: 'USD' });
  const dates = [undefined, inDays(3), inDays(30)];
  const { output } = await placed(
    door,
    newEsim({
      subscriptions: [
        { product_id: data5Gb.name, price: 9, currency: 'USD' },
        { product_id: data1Gb.name, activationDate: written(dates[1]!), price: 2, currency: 'EUR' },
        { allowanceId: data1Gb.name, activationDate: written(dates[2]!), dataValue: 1, dataUnit: 'GB' },
      ],
    }),
  );
  const bundles = await bundlesOf(output.iccid);
  assert.deepEqual(
    bundles.map(({ productName, activatesAt }) => [productName, activatesAt && written(activatesAt)]),
    [
      [data5Gb.name, null],
      [data1Gb.name, written(dates[1]!)],
      [data1Gb.name, written(dates[2]!)],
    ],
  );
  assert.deepEqual(
    output.subscription_ids,
    bundles.map(({ id }) => id),
  );
  assert.equal(output.subscription_id, bundles[0]?.id);
  const after = await getWallet(door.ctx, { accountId, currency: 'USD' });
  assert.equal(before.availableMinor - after.availableMinor, 13_00n);
});

test('fifteen subscriptions are taken', async () => {
  const subscriptions = Array.from({ length: 15 }, () => ({ product_id: data1Gb.name }));
  const { output } = await placed(door, newEsim({ subscriptions }));
  assert.equal(output.subscription_ids.length, 15);
});

test('an activation date may be written with a fraction or an offset, and now is not the past', async () => {
  const tomorrow = inDays(1).toISOString();
  const dates = [
    tomorrow,
    tomorrow.replace('Z', '+00:00'),
    tomorrow.replace('Z', '+0000'),
    written(new Date()),
  ];
  const subscriptions = dates.map((activationDate) => ({ product_id: data1Gb.name, activationDate }));
  assert.equal((await placed(door, newEsim({ subscriptions }))).status, 'COMPLETED');
});

test('a customer is made with their first order and found for the next, whatever the case; "" is nobody', async () => {
  const customer = { email: 'Ann@example.com', firstName: 'Ann', lastName: 'Lee', countryOfResidence: 'us' };
  const { body: first } = await place(door, newEsim({ customer }));
  const made = await findCustomer(door.ctx, { accountId, email: 'ann@example.com' });
  assert.ok(made);
  assert.deepEqual([made.firstName, made.lastName, made.countryOfResidence], ['Ann', 'Lee', 'US']);
  const { body: second } = await place(door, newEsim({ customer: { email: 'ann@EXAMPLE.com' } }));
  for (const body of [first, second]) assert.equal((await orderOf(body)).customerId, made.id);
  const { body: nobody } = await place(door, newEsim({ customer: { email: '' } }));
  assert.equal((await orderOf(nobody)).customerId, null);
});

test('ten first orders of one customer at the same time make one customer', async () => {
  const input = newEsim({ customer: { email: 'new@example.com' } });
  const answers = await Promise.all(Array.from({ length: 10 }, () => place(door, input)));
  const orders = await Promise.all(answers.map(({ body }) => orderOf(body)));
  assert.equal(new Set(orders.map(({ customerId }) => customerId)).size, 1);
});

test('a customer is not made by an order that is refused for money', async () => {
  const token = await door.tokenOf(door.foreign);
  const { status, body } = await place(door, newEsim({ customer: { email: 'poor@example.com' } }), { token });
  assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
  assert.match(body.messages[0], /costs 2\.00 USD/);
  const of = { accountId: door.foreign.account.id, email: 'poor@example.com' };
  assert.equal(await findCustomer(door.ctx, of), undefined);
});

test('the device is kept, and an EID counts for ios alone', async () => {
  const eid = '89001012012341234012345678901224';
  for (const [type, kept] of [
    ['ios', eid],
    ['iOS', eid],
    ['android', null],
    ['iot', null],
  ] as const) {
    const device = { id: 'phone-1', type, make: 'Maker', model: 'Model', eid };
    const order = await orderOf((await place(door, newEsim({ device }))).body);
    assert.deepEqual(order.device, {
      id: 'phone-1',
      type: type.toLowerCase(),
      make: 'Maker',
      model: 'Model',
    });
    assert.equal(order.lines[0]?.eid, kept);
  }
});

test('a repeated Idempotency-Key is answered with the first order, and one with another order is refused', async () => {
  const headers = { 'idempotency-key': 'one-order' };
  const input = newEsim({ customer: { email: 'twice@example.com' } });
  const first = await place(door, input, { headers });
  const count = async () => (await listOrders(door.ctx, { accountId, limit: 1_000 })).length;
  const before = await count();
  const answers = await Promise.all([1, 2, 3].map(() => place(door, input, { headers })));
  for (const again of answers) assert.deepEqual([again.status, again.body], [200, first.body]);
  assert.equal(await count(), before);
  const other = await place(door, newEsim({ countryCode: 'DE' }), { headers });
  assert.deepEqual([other.status, other.body.type], [400, 'INVALID_REQUEST_PARAMS']);
});

test('what the vendor does not know, null and both spellings of the path are taken', async () => {
  const input = newEsim({ esim: null, unknown: 1, device: { id: 'x', type: 'iot', eid: null, make: '' } });
  for (const path of ['/v1/orders', '/v1/order/', '/v1/orders/'])
    assert.equal((await door.call('POST', path, { body: { input, other: true } })).status, 200);
});
