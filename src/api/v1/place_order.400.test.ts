import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const line = { product: product.name };
const eid = '89049032123451234512345678901235';

const cases: [name: string, body: unknown, field: string][] = [
  ['no body', undefined, 'body'],
  ['no lines', {}, 'lines'],
  ['empty lines', { lines: [] }, 'lines'],
  ['an unknown member', { lines: [line], colour: 'red' }, 'colour'],
  ['an unknown member of a line', { lines: [{ ...line, amount: 1 }] }, 'lines[0].amount'],
  ['a quantity of 0', { lines: [{ ...line, quantity: 0 }] }, 'lines[0].quantity'],
  ['a quantity of 1.5', { lines: [{ ...line, quantity: 1.5 }] }, 'lines[0].quantity'],
  ['a quantity as text', { lines: [line, { ...line, quantity: '1' }] }, 'lines[1].quantity'],
  [
    'too many in all lines',
    {
      lines: [
        { ...line, quantity: 9999 },
        { ...line, quantity: 2 },
      ],
    },
    'lines',
  ],
  ['a product that is no text', { lines: [{ product: 5 }] }, 'lines[0].product'],
  ['a NUL in the reference', { lines: [line], reference: 'a\u0000b' }, 'reference'],
  ['half a surrogate pair', { lines: [line], reference: 'a\ud800b' }, 'reference'],
  ['a wrong EID', { lines: [{ ...line, eid: '89049032123451234512345678901234' }] }, 'lines[0].eid'],
  ['the default SM-DP+ without EID', { lines: [{ ...line, delivery: 'default_smdp' }] }, 'lines[0].eid'],
  ['an unknown delivery', { lines: [{ ...line, delivery: 'pigeon' }] }, 'lines[0].delivery'],
  ['two eSIMs for one EID', { lines: [{ ...line, quantity: 2, eid }] }, 'lines[0].eid'],
  [
    'a confirmation code of letters',
    { lines: [{ ...line, confirmationCode: 'abcd' }] },
    'lines[0].confirmationCode',
  ],
  [
    'an amount as a number',
    { lines: [line], expectedTotal: { amount: 2, currency: 'EUR' } },
    'expectedTotal.amount',
  ],
  [
    'an amount with too many decimals',
    { lines: [line], expectedTotal: { amount: '2.001', currency: 'EUR' } },
    'expectedTotal.amount',
  ],
];

for (const [name, body, field] of cases) {
  test(`${name} is refused, and the field is named`, async () => {
    const { status, json } = await shop.call('POST', '/v1/orders', { body });
    assert.deepEqual([status, json.code], [400, 'invalid_request']);
    assert.ok(
      json.fields.some((each: { field: string }) => each.field === field),
      JSON.stringify(json),
    );
  });
}

test('another currency than the account is billed in is refused by name', async () => {
  const body = { lines: [line], expectedTotal: { amount: '2.00', currency: 'USD' } };
  assert.equal((await shop.call('POST', '/v1/orders', { body })).json.code, 'currency_mismatch');
});

for (const [name, body] of [
  ['half an object', '{"lines":'],
  ['a poisoned prototype', '{"__proto__":{"lines":[]}}'],
  ['text that is no JSON', 'lines=1'],
] as const) {
  test(`${name} is malformed JSON`, async () => {
    assert.equal((await shop.call('POST', '/v1/orders', { body })).json.code, 'malformed_json');
  });
}

for (const key of ['', 'ä', 'x'.repeat(256), 'tab\there']) {
  test(`the Idempotency-Key ${JSON.stringify(key.slice(0, 10))} is refused`, async () => {
    const request = { body: { lines: [line] }, headers: { 'idempotency-key': key } };
    const { json } = await shop.call('POST', '/v1/orders', request);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'Idempotency-Key']);
  });
}

test('a Host that is no host name is refused before anything happens', async () => {
  const request = { body: { lines: [line] }, headers: { host: 'evil"><script>' } };
  assert.equal((await shop.call('POST', '/v1/orders', request)).json.fields[0].field, 'Host');
});

test('what was refused has placed no order', async () => {
  assert.deepEqual((await shop.call('GET', '/v1/orders')).json, { data: [], nextCursor: null });
});
