import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeDialledNumber,
  decodeImsi,
  decodeServiceName,
  encodeAcc,
  encodeCode,
  encodeDialledNumber,
  encodeImsi,
  encodeServiceName,
  imsDomain,
  serviceTable,
} from './card_encodings.ts';

const ff = (count: number) => 'FF'.repeat(count);
const bytes = (hex: string) => Buffer.from(hex, 'hex');

const encodings: [what: string, got: Uint8Array, expected: string][] = [
  ['an IMSI of 15 digits', encodeImsi('001010000000017'), '080910100000000071'],
  ['an IMSI of 14 digits', encodeImsi('00101123456789'), '0801101021436587F9'],
  ['an IMSI of 6 digits', encodeImsi('001019'), `04011010F9${ff(4)}`],
  ['the access class of an IMSI that ends with 7', encodeAcc('001010000000017', undefined), '0080'],
  ['the access class of an IMSI that ends with 9', encodeAcc('001010000000019', undefined), '0200'],
  ['access classes given', encodeAcc('001010000000017', 0x8001), '8001'],
  ['a number of 10 digits', encodeDialledNumber('+4930123456'), `06919403214365${ff(5)}`],
  ['a number of 11 digits', encodeDialledNumber('+49301234567'), `07919403214365F7${ff(4)}`],
  ['a PIN', encodeCode('0000'), `30303030${ff(4)}`],
  ['a PUK', encodeCode('12345678'), '3132333435363738'],
  ['a name in the GSM alphabet', encodeServiceName('GSMA_TEST', 1), `0147534D411154455354${ff(7)}`],
  ['a name in another alphabet', encodeServiceName('Связь', 0), `008004210432044F0437044C${ff(5)}`],
  ['services', serviceTable([10, 12, 19, 21, 28, 33, 85], 14), '000A140801000000000010000000'],
];

for (const [what, got, expected] of encodings)
  test(`${what} is written as ${expected}`, () => {
    assert.equal(Buffer.from(got).toString('hex').toUpperCase(), expected);
  });

test('what is written is read back', () => {
  for (const imsi of ['001010000000017', '00101123456789', '001019'])
    assert.equal(decodeImsi(encodeImsi(imsi)), imsi);
  for (const number of ['+4930123456', '+49301234567', '+123456789012345'])
    assert.equal(decodeDialledNumber(encodeDialledNumber(number)), number);
  for (const name of ['GSMA_TEST', 'Über 7', 'Связь', '16 characters ok', 'Ψ@Ω'])
    assert.equal(decodeServiceName(encodeServiceName(name, 1)), name);
});

test('contents that hold no value are read as none', () => {
  for (const imsi of [ff(9), '080110100000000071', '0809101000000000A1', '08091010'])
    assert.equal(decodeImsi(bytes(imsi)), undefined, imsi);
  assert.equal(decodeDialledNumber(bytes(ff(12))), undefined);
  assert.equal(decodeServiceName(bytes(`01${ff(16)}`)), undefined);
});

test('a national number is read without plus sign', () => {
  assert.equal(decodeDialledNumber(bytes(`04811121F3${ff(7)}`)), '11123');
});

test('the home network domain has a network code of three digits', () => {
  assert.equal(imsDomain('001010000000017', 2), 'ims.mnc001.mcc001.3gppnetwork.org');
  assert.equal(imsDomain('310260987654321', 3), 'ims.mnc260.mcc310.3gppnetwork.org');
});
