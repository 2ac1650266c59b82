import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOrders } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newEsim, place, placed, topUp } from './test_orders.ts';

const noEuro = { ...data1Gb, name: 'dollars_only', prices: { USD: 500n } };
const noDollars = { ...data1Gb, name: 'euros_only', prices: { EUR: 500n } };
const esimOnly = {
  ...data1Gb,
  name: 'esim_profile',
  kind: 'esim' as const,
  countries: [],
  dataBytes: null,
  validityDays: null,
};
const door = await openConnect(await testDatabase(), { products: [data1Gb, noEuro, noDollars, esimOnly] });
const product_id = data1Gb.name;

/** The messages of a refusal, which has left nothing behind. */
async function refusals(input: unknown): Promise<string[]> {
  const of = { accountId: door.account.account.id };
  const count = (await listOrders(door.ctx, of)).length;
  const { status, body } = await place(door, input);
  assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS'], JSON.stringify(body));
  assert.equal((await listOrders(door.ctx, of)).length, count);
  return body.messages;
}

const fields = (messages: readonly string[]) => messages.map((each) => each.slice(0, each.indexOf(':')));

/** Refused for exactly these members. */
async function refusedFor(input: unknown, ...expected: string[]): Promise<void> {
  assert.deepEqual(fields(await refusals(input)).sort(), expected.sort());
}

const withSubscription = (subscription: object) =>
  newEsim({ subscriptions: [{ product_id, ...subscription }] });
const withDevice = (device: object) => newEsim({ device: { id: '1', type: 'ios', ...device } });

test('every problem of a request is told at once, those of its form and those of the catalogue', async () => {
  const messages = await refusals({
    operationType: 'NEW_ESIM',
    countryCode: 'ZZ',
    customer: { firstName: 'x'.repeat(300), countryOfResidence: 'USA' },
    device: { type: 'windows', eid: '89001012012341234012345678901225' },
    subscriptions: [
      { product_id: 'unknown', price: 1 },
      { product_id, price: 3, currency: 'USD', activationDate: '2019-09-13T12:00:00Z' },
      { currency: 'CHF', activationDate: 'tomorrow' },
      'nonsense',
      { product_id: 'ESIM_1gb_7d_nl_V2', price: 'ten' },
    ],
  });
  assert.deepEqual(fields(messages).sort(), [
    'countryCode',
    'customer.countryOfResidence',
    'customer.email',
    'customer.firstName',
    'device.eid',
    'device.id',
    'device.type',
    'subscriptions[0].currency',
    'subscriptions[0].product_id',
    'subscriptions[1].activationDate',
    'subscriptions[1].price',
    'subscriptions[2].activationDate',
    'subscriptions[2].price',
    'subscriptions[2].product_id',
    'subscriptions[3]',
    'subscriptions[4].price',
    'subscriptions[4].product_id',
  ]);
  assert.ok(messages.includes('subscriptions[1].price: the price is 2.00 USD'));
  assert.ok(messages.some((each) => each.includes(`there is ${product_id}`)));
});

for (const [what, input, ...expected] of [
  ['no input', undefined, 'input'],
  ['an input that is null', null, 'input'],
  ['an input that is text', 'NEW_ESIM', 'input'],
  ['an input that is a list', [], 'input'],
  ['nothing in it', {}, 'operationType', 'subscriptions'],
  ['no operation', newEsim({ operationType: undefined }), 'operationType'],
  ['another operation', newEsim({ operationType: 'ADD_SUBSCRIPTION' }), 'operationType'],
  ['an operation in other case', newEsim({ operationType: 'new_esim' }), 'operationType'],
  ['no country', newEsim({ countryCode: undefined }), 'countryCode'],
  ['a country of three letters', newEsim({ countryCode: 'PRT' }), 'countryCode'],
  ['a country that is a number', newEsim({ countryCode: 351 }), 'countryCode'],
  ['no customer', newEsim({ customer: undefined }), 'customer.email'],
  ['a customer that is text', newEsim({ customer: 'ann' }), 'customer'],
  ['a customer without email', newEsim({ customer: { firstName: 'Ann' } }), 'customer.email'],
  ['an email that is too long', newEsim({ customer: { email: 'x'.repeat(255) } }), 'customer.email'],
  ['an email with NUL', newEsim({ customer: { email: 'a\0b' } }), 'customer.email'],
  ['no device', newEsim({ device: undefined }), 'device.id', 'device.type'],
  ['a device without id', newEsim({ device: { type: 'ios' } }), 'device.id'],
  ['a device of an unknown type', withDevice({ type: 'symbian' }), 'device.type'],
  ['an EID of 31 digits', withDevice({ eid: '8900101201234123401234567890122' }), 'device.eid'],
  ['an EID of 33 digits', withDevice({ eid: '890010120123412340123456789012240' }), 'device.eid'],
  ['an EID with letters', withDevice({ eid: '8900101201234123401234567890122A' }), 'device.eid'],
  ['an EID with a blank', withDevice({ eid: '89001012012341234012345678901224 ' }), 'device.eid'],
  ['an EID with wrong check digits', withDevice({ eid: '89001012012341234012345678901242' }), 'device.eid'],
  ['an EID that is a number', withDevice({ eid: 8.9e31 }), 'device.eid'],
  ['a wrong EID for android, which ignores it', withDevice({ type: 'android', eid: '1' }), 'device.eid'],
  ['no subscriptions', newEsim({ subscriptions: undefined }), 'subscriptions'],
  ['an empty list of subscriptions', newEsim({ subscriptions: [] }), 'subscriptions'],
  ['subscriptions that are no list', newEsim({ subscriptions: { product_id } }), 'subscriptions'],
  ['a subscription without product', newEsim({ subscriptions: [{}] }), 'subscriptions[0].product_id'],
  [
    'a product id that is a number',
    newEsim({ subscriptions: [{ product_id: 1 }] }),
    'subscriptions[0].product_id',
  ],
  ['an unknown product', newEsim({ subscriptions: [{ product_id: 'x' }] }), 'subscriptions[0].product_id'],
  ['an unknown allowance', newEsim({ subscriptions: [{ allowanceId: 'x' }] }), 'subscriptions[0].product_id'],
  [
    'a product that is no subscription',
    newEsim({ subscriptions: [{ product_id: 'esim_profile' }] }),
    'subscriptions[0].product_id',
  ],
  [
    'a product without a price in what the account pays in',
    newEsim({ subscriptions: [{ product_id: 'euros_only' }] }),
    'subscriptions[0].product_id',
  ],
  ['a price without currency', withSubscription({ price: 2 }), 'subscriptions[0].currency'],
  ['a currency without price', withSubscription({ currency: 'USD' }), 'subscriptions[0].price'],
  ['another price', withSubscription({ price: 2.01, currency: 'USD' }), 'subscriptions[0].price'],
  ['a negative price', withSubscription({ price: -2, currency: 'USD' }), 'subscriptions[0].price'],
  [
    'a price that is no amount',
    withSubscription({ price: 'two', currency: 'USD' }),
    'subscriptions[0].price',
  ],
  ['a price that is an object', withSubscription({ price: {}, currency: 'USD' }), 'subscriptions[0].price'],
  ['an unsupported currency', withSubscription({ price: 2, currency: 'CHF' }), 'subscriptions[0].currency'],
  ['no currency at all', withSubscription({ price: 2, currency: 'dollars' }), 'subscriptions[0].currency'],
  [
    'the price of another currency',
    newEsim({ subscriptions: [{ product_id: 'dollars_only', price: 5, currency: 'EUR' }] }),
    'subscriptions[0].currency',
  ],
] as const)
  test(`${what}: refused for ${expected.join(', ')}`, () => refusedFor(input, ...expected));

for (const activationDate of [
  '2019-09-13T12:00:00Z',
  new Date(Date.now() - 120_000).toISOString(),
  new Date(Date.now() + 400 * 86_400_000).toISOString(),
  '9999-12-31T23:59:59Z',
  '2099-09-13',
  '2099-09-13T12:00:00',
  '2099-09-13 12:00:00Z',
  '2099-09-13T12:00Z',
  '2099-02-30T12:00:00Z',
  '2099-13-01T12:00:00Z',
  '2099-01-01T24:00:00Z',
  '2099-01-01T12:60:00Z',
  '2099-01-01T12:00:00+25:00',
  '20990101T120000Z',
  '2099-W01-1T12:00:00Z',
  '13/09/2099',
  'Sat, 13 Sep 2099 12:00:00 GMT',
  ' 2099-09-13T12:00:00Z',
  '4092379200',
  4_092_379_200,
  true,
  [],
  {},
])
  test(`the activation date ${JSON.stringify(activationDate)} is refused`, () =>
    refusedFor(withSubscription({ activationDate }), 'subscriptions[0].activationDate'));

test('sixteen subscriptions are too many', async () => {
  const subscriptions = Array.from({ length: 16 }, () => ({ product_id }));
  await refusedFor(newEsim({ subscriptions }), 'subscriptions');
  await refusedFor(newEsim({ subscriptions: Array.from({ length: 500 }, () => ({})) }), 'subscriptions');
});

let iccid = '';
before(async () => {
  iccid = (await placed(door, newEsim())).output.iccid;
});

test('a top-up needs an eSIM of the caller, known by its ICCID', async () => {
  await refusedFor({ operationType: 'TOPUP' }, 'device.id', 'esim.iccid', 'subscriptions');
  await refusedFor(topUp(iccid, { device: {} }), 'device.id');
  for (const esim of [
    undefined,
    {},
    { iccid: '' },
    { iccid: '8944' },
    { iccid: '8944478600000205337' },
    { iccid: 1 },
  ])
    await refusedFor(topUp('', { esim }), 'esim.iccid');
  await refusedFor(topUp('', { esim: 'x' }), 'esim');
});

test('the ICCID of another client is answered as one that there is not', async () => {
  const token = await door.tokenOf(door.foreign);
  const foreign = await place(door, topUp(iccid), { token });
  const unknown = await place(door, topUp('8944478600000205337'), { token });
  assert.equal(foreign.status, 400);
  assert.deepEqual(foreign.body, unknown.body);
});

test('an eSIM has at most fifteen subscriptions that are active or wait', async () => {
  const subscriptions = Array.from({ length: 14 }, () => ({ product_id }));
  assert.equal((await placed(door, topUp(iccid, { subscriptions }))).status, 'COMPLETED');
  const [message] = await refusals(topUp(iccid));
  assert.equal(message, 'subscriptions: an eSIM has at most 15 that are active, and this one has 15');
});

test('of ten top-ups that come at the same time, only as many are taken as there is room for', async () => {
  const { output } = await placed(door, newEsim());
  const order = topUp(output.iccid, { subscriptions: [{ product_id }, { product_id }, { product_id }] });
  const answers = await Promise.all(Array.from({ length: 10 }, () => place(door, order)));
  assert.deepEqual(
    answers.map(({ status }) => status).sort(),
    [200, 200, 200, 200, 400, 400, 400, 400, 400, 400],
  );
  const messages = answers.flatMap(({ body }) => body.messages ?? []);
  assert.deepEqual(
    new Set(messages),
    new Set(['subscriptions: an eSIM has at most 15 that are active, and this one has 13']),
  );
});

test('text that no database holds is refused by its name, or taken as it can be', async () => {
  await refusedFor(
    withDevice({ id: 'a\0b', make: 'a\0b', model: '\0' }),
    'device.id',
    'device.make',
    'device.model',
  );
  await refusedFor(newEsim({ subscriptions: [{ product_id: '\0' }] }), 'subscriptions[0].product_id');
  const { status } = await place(door, withDevice({ id: '\ud800', make: '\udc00x' }));
  assert.ok(status === 200 || status === 400, String(status));
});

test('malformed JSON, a body of another type and one that is no object are told as the vendor does', async () => {
  const send = (body: unknown, headers = {}) => door.call('POST', '/v1/order', { body, headers });
  const malformed = await send('{"input":');
  assert.deepEqual([malformed.status, malformed.body.type], [400, 'INVALID_HTTP_MESSAGE']);
  const form = await send('input=1', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual([form.status, form.body.type], [415, 'INVALID_HTTP_MESSAGE']);
  for (const body of [[], 'null', '"text"', '5', undefined])
    assert.deepEqual((await send(body)).body?.type, 'INVALID_REQUEST_PARAMS', JSON.stringify(body));
  const { status } = await place(door, newEsim(), { headers: { 'idempotency-key': 'x'.repeat(300) } });
  assert.equal(status, 400);
});
