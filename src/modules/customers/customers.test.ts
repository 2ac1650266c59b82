import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { holdsCardNumber } from './add_payment_method.ts';
import {
  addPaymentMethod,
  createCustomer,
  ensureCustomer,
  findCustomer,
  getCustomer,
  listPaymentMethods,
  removePaymentMethod,
  updateCustomer,
} from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const inWrite = <T>(run: (tx: typeof ctx) => Promise<T>) => write(ctx, {}, run);
const accountId = 'acc_seller';
const stranger = 'acc_stranger';
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

const card = {
  accountId,
  token: 'tok_1Nv0FGQ9RKHgCVdK',
  kind: 'CARD',
  gateway: 'stripe',
  lastDigits: '4242',
  expiryMonth: 12,
  expiryYear: 2030,
};

test('an identifier is one customer of its account, whatever its case, and another one of another account', async () => {
  const made = await inWrite((tx) =>
    createCustomer(tx, { accountId, email: 'Ana@example.com', firstName: 'Ana' }),
  );
  assert.deepEqual(await findCustomer(ctx, { accountId, email: 'ana@EXAMPLE.com' }), made);
  await assert.rejects(
    inWrite((tx) => createCustomer(tx, { accountId, email: 'ANA@example.com' })),
    refused('name_taken'),
  );
  assert.equal(await findCustomer(ctx, { accountId: stranger, email: 'ana@example.com' }), undefined);
  await assert.rejects(getCustomer(ctx, { accountId: stranger, id: made.id }), refused('not_found'));
});

test('twenty orders at once for an unknown customer make one', async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, () =>
      inWrite((tx) => ensureCustomer(tx, { accountId, email: 'new@example.com' })),
    ),
  );
  assert.equal(new Set(made.map(({ id }) => id)).size, 1);
});

test('a change leaves what it does not name, and null takes a member away', async () => {
  const { id } = await inWrite((tx) =>
    createCustomer(tx, {
      accountId,
      email: 'change@example.com',
      firstName: 'Bo',
      lastName: 'Li',
      verified: true,
    }),
  );
  const changed = await inWrite((tx) =>
    updateCustomer(tx, { accountId, id, change: { lastName: null, jobTitle: 'Buyer' } }),
  );
  assert.deepEqual(
    [changed.firstName, changed.lastName, changed.jobTitle, changed.verified],
    ['Bo', undefined, 'Buyer', true],
  );
  await assert.rejects(
    inWrite((tx) => updateCustomer(tx, { accountId, id, change: { email: 'ana@example.com' } })),
    refused('name_taken'),
  );
});

for (const [what, input, field] of [
  ['no identifier', { email: ' ' }, 'email'],
  ['a long one', { email: 'x'.repeat(255) }, 'email'],
  ['a country of three letters', { email: 'a', countryOfResidence: 'PRT' }, 'countryOfResidence'],
  [
    'a country of an address in small letters',
    { email: 'a', billingAddress: { country: 'pt' } },
    'billingAddress.country',
  ],
  ['a long street', { email: 'a', shippingAddress: { city: 'x'.repeat(201) } }, 'shippingAddress.city'],
  ['a currency of two letters', { email: 'a', defaultCurrency: 'EU' }, 'defaultCurrency'],
] as const)
  test(`a customer with ${what} is refused, naming ${field}`, async () => {
    await assert.rejects(
      inWrite((tx) => createCustomer(tx, { accountId, ...input })),
      (error: { code?: string; fields?: { field: string }[] }) =>
        error.code === 'invalid_request' && error.fields?.[0]?.field === field,
    );
  });

test('a token is kept sealed and never shown', async () => {
  const { id: customerId } = await inWrite((tx) =>
    ensureCustomer(tx, { accountId, email: 'pays@example.com' }),
  );
  const id = await inWrite((tx) => addPaymentMethod(tx, { ...card, customerId }));
  const [method] = await listPaymentMethods(ctx, { accountId, customerId });
  assert.deepEqual([method?.id, method?.lastDigits, method?.expiryYear], [id, '4242', 2030]);
  assert.ok(!JSON.stringify(method).includes(card.token));
  const [row] = await query<{ token: Buffer }>(
    ctx.db,
    'select token from customers.payment_methods where id = $1',
    [id],
  );
  assert.ok(row && !row.token.includes(card.token));
  assert.equal(ctx.vault.open(row.token, id).toString(), card.token);
  await assert.rejects(listPaymentMethods(ctx, { accountId: stranger, customerId }), refused('not_found'));
  await assert.rejects(
    inWrite((tx) => removePaymentMethod(tx, { accountId: stranger, customerId, id })),
    refused('not_found'),
  );
  await inWrite((tx) => removePaymentMethod(tx, { accountId, customerId, id }));
  assert.deepEqual(await listPaymentMethods(ctx, { accountId, customerId }), []);
});

for (const number of [
  '4242424242424242',
  '4242 4242 4242 4242',
  'pan:5555-5555-5555-4444',
  '378282246310005',
])
  test(`${number} looks like the number of a card and is refused wherever it stands`, async () => {
    const { id: customerId } = await inWrite((tx) =>
      ensureCustomer(tx, { accountId, email: 'card@example.com' }),
    );
    for (const name of ['token', 'name', 'gateway', 'kind'] as const)
      await assert.rejects(
        inWrite((tx) => addPaymentMethod(tx, { ...card, customerId, [name]: number })),
        refused('invalid_request'),
      );
  });

test('a token with digits that are no card number is none', () => {
  for (const token of ['tok_4242', '4242424242424241', 'pm_1234567890123', 'a1b2c3d4e5f60718']) {
    assert.equal(holdsCardNumber(token), false, token);
  }
});

test('a customer has at most twenty payment methods', async () => {
  const { id: customerId } = await inWrite((tx) =>
    ensureCustomer(tx, { accountId, email: 'many@example.com' }),
  );
  for (let count = 0; count < 20; count++)
    await inWrite((tx) => addPaymentMethod(tx, { ...card, customerId }));
  await assert.rejects(
    inWrite((tx) => addPaymentMethod(tx, { ...card, customerId })),
    refused('conflict'),
  );
});
