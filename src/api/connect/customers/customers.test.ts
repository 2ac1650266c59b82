import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../base/ids.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { type Method, openConnect } from '../test_connect.ts';

const door = await openConnect(await testDatabase(), { stock: 0 });
const { call } = door;
let made = 0;
const newCustomer = async (more: object = {}) =>
  (await call('POST', '/v1/customer', { body: { email: `customer${++made}@example.com`, ...more } })).body;

const business = {
  type: 'BUSINESS',
  firstName: 'Ana',
  lastName: 'Silva',
  language: 'pt-PT',
  countryOfResidence: 'PT',
  phoneNumber: '+351210000000',
  defaultCurrency: 'EUR',
  verified: true,
  billingAddress: {
    streetAddress1: 'Rua Um 1',
    streetAddress2: '2 Esq.',
    city: 'Lisboa',
    state: 'Lisboa',
    postCode: '1000-001',
    country: 'PT',
  },
  shippingAddress: { city: 'Porto', country: 'PT' },
  companyName: 'Silva Lda',
  companyNumber: '500000000',
  jobTitle: 'Director',
};

test('a customer is made with all members, and found by the email in whatever case, by both spellings of the path', async () => {
  const { status, body } = await call('POST', '/v1/customer', {
    body: { email: 'Ana@example.com', ...business },
  });
  const { id, ...rest } = body;
  assert.deepEqual([status, rest], [200, { email: 'Ana@example.com', ...business }]);
  assert.match(id, /^cus_/);
  for (const path of ['/v1/customer', '/v1/customers/'])
    assert.deepEqual((await call('GET', path, { query: { email: 'ana@EXAMPLE.com' } })).body, body);
});

test('a change leaves what it does not name, and null takes a member away, in addresses too', async () => {
  const { id, email, ...rest } = await newCustomer(business);
  const body = {
    lastName: null,
    verified: false,
    billingAddress: { state: null, city: 'Faro' },
    shippingAddress: null,
  };
  const { status, body: changed } = await call('PATCH', `/v1/customer/${id}`, { body });
  const { lastName, shippingAddress, ...left } = rest;
  const { state, ...address } = business.billingAddress;
  assert.deepEqual(
    [status, changed],
    [200, { id, email, ...left, verified: false, billingAddress: { ...address, city: 'Faro' } }],
  );
  const again = await call('PATCH', '/v1/customer', { query: { id }, body: { email: 'other@example.com' } });
  assert.deepEqual(again.body, { ...changed, email: 'other@example.com' });
  assert.equal((await call('GET', '/v1/customer', { query: { email } })).status, 404);
});

test('null is not known when a customer is made, too', async () => {
  const { id, email, ...rest } = await newCustomer({
    firstName: null,
    billingAddress: { city: null, country: 'PT' },
  });
  assert.deepEqual(rest, { billingAddress: { country: 'PT' } });
});

for (const [what, body, messages] of [
  ['no email', {}, ['email: required']],
  ['an email that is null', { email: null }, ['email: give text']],
  ['an empty email', { email: '' }, ['email: give 1 to 254 characters']],
  ['another type', { email: 'a', type: 'COMPANY' }, ['type: give PERSONAL or BUSINESS']],
  [
    'several faults',
    {
      email: 'a',
      countryOfResidence: 'Portugal',
      defaultCurrency: 'euro',
      billingAddress: { country: 'PRT' },
    },
    [
      'billingAddress.country: give two capital letters (ISO 3166-1)',
      'countryOfResidence: give two capital letters (ISO 3166-1)',
      'defaultCurrency: give three capital letters (ISO 4217)',
    ],
  ],
  [
    'members of another kind',
    { email: 'a', verified: 'yes', firstName: 5, billingAddress: 'Lisboa' },
    [
      'firstName: give text',
      'verified: give true or false',
      'billingAddress: invalid input: expected object, received string',
    ],
  ],
] as const)
  test(`a customer with ${what} is refused, naming all that is wrong`, async () => {
    const { status, body: answered } = await call('POST', '/v1/customer', { body });
    assert.deepEqual([status, answered], [400, { type: 'INVALID_REQUEST_PARAMS', messages }]);
  });

test('an email is one customer', async () => {
  const { email } = await newCustomer();
  const { id } = await newCustomer();
  for (const [method, path, body] of [
    ['POST', '/v1/customer', { email: email.toUpperCase() }],
    ['PATCH', `/v1/customer/${id}`, { email }],
  ] as const) {
    const { status, body: answered } = await call(method, path, { body });
    assert.deepEqual([status, answered.messages], [400, ['email: is taken']]);
  }
});

const card = {
  token: 'tok_1Nv0FGQ9RKHgCVdK',
  type: 'CARD',
  last_digits: '4242',
  expiry_month: 12,
  expiry_year: 2030,
  gateway: 'stripe',
  name: 'Ana Silva',
};

test('a payment method is a token that is never shown again, and can be removed', async () => {
  const { id } = await newCustomer();
  const at = `/v1/customer/${id}/payment-method`;
  const added = await call('POST', at, { body: card });
  assert.deepEqual([added.status, Object.keys(added.body)], [200, ['id']]);
  const numbers = { ...card, last_digits: 1234, expiry_month: '1', expiry_year: '2031', name: null };
  const second = await call('POST', `/v1/customers/${id}/payment-methods`, { body: numbers });
  const { body: listed } = await call('GET', at);
  const { token, name, ...shown } = card;
  assert.deepEqual(listed, [
    { id: added.body.id, ...shown, name },
    { id: second.body.id, ...shown, last_digits: '1234', expiry_month: 1, expiry_year: 2031 },
  ]);
  const removed = await call('DELETE', `${at}/${added.body.id}`);
  assert.deepEqual([removed.status, removed.body], [200, undefined]);
  assert.equal((await call('DELETE', `${at}/${added.body.id}`)).status, 404);
  assert.deepEqual(
    (await call('GET', at)).body.map((each: { id: string }) => each.id),
    [second.body.id],
  );
});

for (const [what, change, message] of [
  [
    'the number of a card as its token',
    { token: '4242424242424242' },
    /^token: looks like the number of a card/,
  ],
  ['one with blanks', { token: '4242 4242 4242 4242' }, /^token: looks like/],
  ['one as a number', { token: 4242424242424242 }, /^token: give text/],
  ['one in its name', { name: 'Ana 5555-5555-5555-4444' }, /^name: looks like/],
  ['one for its last digits', { last_digits: '4242424242424242' }, /^last_digits: give 2 to 4 digits/],
  ['no token', { token: undefined }, /^token: required/],
  ['an empty gateway', { gateway: '' }, /^gateway: /],
  ['month 13', { expiry_month: 13 }, /^expiry_month: give a whole number from 1 to 12/],
  ['a year of two digits', { expiry_year: 30 }, /^expiry_year: give a whole number from 2000 to 2100/],
] as const)
  test(`a payment method with ${what} is refused by name, and nothing is kept`, async () => {
    const { id } = await newCustomer();
    const at = `/v1/customer/${id}/payment-method`;
    const { status, body } = await call('POST', at, { body: { ...card, ...change } });
    assert.deepEqual([status, body.type, body.messages.length], [400, 'INVALID_REQUEST_PARAMS', 1]);
    assert.match(body.messages[0], message);
    assert.deepEqual((await call('GET', at)).body, []);
  });

const requests: [Method, string, object?][] = [
  ['PATCH', '/v1/customer/{id}', { firstName: 'Bo' }],
  ['PATCH', '/v1/customer?id={id}', { firstName: 'Bo' }],
  ['GET', '/v1/customer/{id}/payment-method'],
  ['POST', '/v1/customer/{id}/payment-method', card],
  ['DELETE', `/v1/customer/{id}/payment-method/${newId('paymentMethod')}`],
];

for (const [method, path, body] of requests)
  test(`${method} ${path.replace(/pmt_.*/, '…')} answers the customer of another client like one that there is not`, async () => {
    const { id } = await newCustomer();
    const token = await door.tokenOf(door.foreign);
    for (const [of, by] of [
      [id, token],
      [newId('customer'), door.token],
      ['nothing', door.token],
      ['%00', door.token],
    ]) {
      const answer = await call(method, path.replace('{id}', String(of)), {
        ...(body && { body }),
        token: String(by),
      });
      assert.deepEqual([answer.status, answer.body.type], [404, 'NOT_FOUND']);
    }
  });

test('another client does not find the email', async () => {
  const { email } = await newCustomer();
  const token = await door.tokenOf(door.foreign);
  assert.equal((await call('GET', '/v1/customer', { query: { email }, token })).status, 404);
  const { status, body } = await call('GET', '/v1/customer');
  assert.deepEqual([status, body.messages], [400, ['email: required']]);
});

test('only an ACCOUNT_MANAGER has customers: a RESELLER is refused before anything is read', async () => {
  const { id } = await newCustomer();
  const token = await door.tokenOf(await door.newKey(['read', 'orders:write', 'lines:write']));
  const others: [Method, string, object?][] = [
    ['POST', '/v1/customer', { email: 'x' }],
    ['GET', '/v1/customer?email=x'],
  ];
  for (const [method, path, body] of [...requests, ...others]) {
    const answer = await call(method, path.replace('{id}', id), { ...(body && { body }), token });
    assert.deepEqual([answer.status, answer.body.type], [403, 'ACCESS_DENIED']);
  }
});
