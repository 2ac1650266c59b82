// Activation codes: what is written can be scanned, what is scanned is read, and what cannot stand in one is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { readActivationCode, writeActivationCode } from './activation_code.ts';

const written = [
  ['LPA:1$smdp.example.com$AB-12', { smdpAddress: 'smdp.example.com', matchingId: 'AB-12' }],
  ['LPA:1$smdp.example.com$', { smdpAddress: 'smdp.example.com', matchingId: '' }],
  ['LPA:1$127.0.0.1:8443$A_b', { smdpAddress: '127.0.0.1:8443', matchingId: 'A_b' }],
  ['LPA:1$h$ID$2.999.10', { smdpAddress: 'h', matchingId: 'ID', smdpOid: '2.999.10' }],
  ['LPA:1$h$ID$$1', { smdpAddress: 'h', matchingId: 'ID', confirmationCodeRequired: true }],
  [
    'LPA:1$h$ID$2.999.10$1',
    { smdpAddress: 'h', matchingId: 'ID', smdpOid: '2.999.10', confirmationCodeRequired: true },
  ],
] as const;

for (const [text, code] of written)
  test(`${text} is written, and read with and without its prefix`, () => {
    assert.equal(writeActivationCode(code), text);
    const expected = { smdpOid: undefined, confirmationCodeRequired: false, ...code };
    for (const form of [text, text.slice(4), ` ${text}\n`, text.replace('LPA', 'lpa')])
      assert.deepEqual(readActivationCode(form), expected);
  });

for (const text of [
  '',
  'LPA:',
  'LPA:2$h$ID',
  'LPA:1$h',
  'LPA:1$$ID',
  'LPA:1$https://h$ID',
  'LPA:1$h$I D',
  'LPA:1$h$ID$nope',
  'LPA:1$h$ID$$2',
  'LPA:1$h$ID$$1$x',
  `LPA:1$h$${'A'.repeat(256)}`,
  'LPA:1$h$é',
  'LPA:1$-h$ID',
])
  test(`${JSON.stringify(text.slice(0, 30))} is refused`, () => {
    assert.throws(
      () => readActivationCode(text),
      (error) => error instanceof AppError && error.code === 'invalid_request',
    );
  });

test('a part with a dollar sign, or too long a code, is not written', () => {
  const smdpAddress = `${'a'.repeat(63)}.`.repeat(3).slice(0, -1);
  for (const code of [
    { smdpAddress: 'h', matchingId: 'A$1' },
    { smdpAddress: 'h$', matchingId: 'A' },
    { smdpAddress, matchingId: 'A'.repeat(80) },
  ])
    assert.throws(() => writeActivationCode(code), AppError);
});
