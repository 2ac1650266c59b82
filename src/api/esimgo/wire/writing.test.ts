import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../base/ids.ts';
import { readUuid, writeUuid } from '../../http/uuid_of_id.ts';
import { writeAmount } from './amount.ts';
import { writeFieldName } from './field_names.ts';
import { writeTime } from './time.ts';

test('a reference is an order id as a UUID, and leads back to it in either case', () => {
  for (let n = 0; n < 100; n++) {
    const id = newId('order');
    const reference = writeUuid(id);
    assert.match(reference, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(readUuid('order', reference), id);
    assert.equal(readUuid('order', reference.toUpperCase()), id);
  }
});

const uuid = writeUuid(newId('order'));
for (const text of [
  '',
  'x',
  `${uuid}0`,
  uuid.slice(1),
  uuid.replaceAll('-', ''),
  `{${uuid}}`,
  `${uuid}-0`,
  `${uuid}\n`,
]) {
  test(`${JSON.stringify(text)} is no reference`, () => assert.equal(readUuid('order', text), undefined));
}

for (const [minor, currency, expected] of [
  [1234n, 'EUR', 12.34],
  [5n, 'USD', 0.05],
  [1200n, 'USD', 12],
  [500n, 'JPY', 500],
  [1n, 'KWD', 0.001],
  [-250n, 'EUR', -2.5],
  [0n, 'EUR', 0],
  [99_999_999_999_99n, 'USD', 99_999_999_999.99],
] as const) {
  test(`${minor} of ${currency} is ${expected}`, () => assert.equal(writeAmount(minor, currency), expected));
}

test('a time is RFC 3339 in UTC', () => {
  assert.equal(writeTime(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6))), '2026-01-02T03:04:05.006Z');
});

for (const [field, expected] of [
  ['lines[0].product', 'order[0].item'],
  ['lines[3].esims[1]', 'order[3].iccids[1]'],
  ['quantity', 'quantity'],
  ['Idempotency-Key', 'Idempotency-Key'],
  ['constructor', 'constructor'],
] as const) {
  test(`the field ${field} is called ${expected}`, () => assert.equal(writeFieldName(field), expected));
}

test('an operation may have a word of its own', () => {
  assert.equal(writeFieldName('lines[0].product', { product: 'name' }), 'order[0].name');
});
