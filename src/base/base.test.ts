import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from './app_error.ts';
import { fromBase64, fromHex, toHex } from './bytes.ts';
import { completeEid, fromSwappedBcd, isEid, isIccid, luhnDigit, toBcd, toSwappedBcd } from './digits.ts';
import { isId, newId } from './ids.ts';
import { formatMinor, parseMinor } from './money.ts';

test('the Luhn digit of a TS.48 ICCID is the one it carries', () => {
  assert.equal(luhnDigit('894944999999999016'), '3');
  assert.ok(isIccid('8949449999999990163'));
  assert.ok(!isIccid('8949449999999990164'));
  assert.ok(!isIccid('1949449999999990163'));
});

test('an EID is accepted only with its check digits', () => {
  assert.ok(isEid('89049032123451234512345678901235'));
  assert.ok(!isEid('89049032123451234512345678901234'));
  assert.ok(!isEid('8904903212345123451234567890123'));
  assert.equal(completeEid('890490321234512345123456789012'), '89049032123451234512345678901235');
});

test('BCD keeps digits in order, swapped BCD swaps each pair, both pad with F', () => {
  assert.equal(toHex(toBcd('8900112233445566776', 10)), '8900112233445566776F');
  assert.equal(toHex(toSwappedBcd('8900112233445566776', 10)), '980011223344556677F6');
  assert.equal(fromSwappedBcd(fromHex('980011223344556677F6')), '8900112233445566776');
  assert.throws(() => fromSwappedBcd(fromHex('9A')), AppError);
});

test('ids carry their kind, are unique, and sort by time and then by the order in which they were made', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('order', 1_700_000_000_000));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, 20_000);
  assert.ok(ids.every((id) => isId('order', id) && !isId('esim', id)));
  assert.ok(newId('order', 1_700_000_000_000) < newId('order', 1_700_000_000_001));
});

test('money is written and read in the minor digits of its currency', () => {
  assert.equal(formatMinor(-5n, 'EUR'), '-0.05');
  assert.equal(formatMinor(1234n, 'JPY'), '1234');
  assert.equal(parseMinor('12.3', 'EUR'), 1230n);
  assert.throws(() => parseMinor('12.345', 'EUR'), AppError);
  assert.throws(() => parseMinor('1e3', 'EUR'), AppError);
});

test('text that is not hex or base64 is refused, never guessed', () => {
  assert.throws(() => fromHex('ABC'), AppError);
  assert.throws(() => fromHex('XY'), AppError);
  assert.throws(() => fromBase64('A'), AppError);
  assert.throws(() => fromBase64('AA-_'), AppError);
  assert.equal(toHex(fromBase64('AAEC Aw==\n')), '00010203');
});
