// The refusals of the RSP interfaces say on the wire what the specification wants.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindConfirmationCode, hashConfirmationCode, isConfirmationCode } from './confirmation_code.ts';
import { bppErrorReasons, codeName } from './es10/error_codes.ts';
import { executedSuccess, failedStatus } from './function_execution_status.ts';
import { asn1ErrorOf, RspError, type RspErrorCode, rspErrorCodes } from './rsp_error.ts';

test('no two codes of one interface look the same on the wire', () => {
  const pairs = Object.values(rspErrorCodes).map(
    ({ subjectCode, reasonCode }) => `${subjectCode}/${reasonCode}`,
  );
  assert.equal(new Set(pairs).size, pairs.length);
  for (const pair of pairs) assert.match(pair, /^\d+(\.\d+)*\/\d+\.\d+$/);
});

test('the ASN.1 binding has its own numbers, and 127 for the rest', () => {
  const table: [RspErrorCode, Parameters<typeof asn1ErrorOf>[1], number][] = [
    ['smdp_address_invalid', 'initiateAuthentication', 1],
    ['ci_key_unsupported', 'initiateAuthentication', 3],
    ['transaction_unknown', 'authenticateClient', 10],
    ['transaction_unknown', 'getBoundProfilePackage', 95],
    ['transaction_unknown', 'cancelSession', 1],
    ['euicc_signature_invalid', 'authenticateClient', 5],
    ['euicc_signature_invalid', 'getBoundProfilePackage', 1],
    ['confirmation_code_refused', 'getBoundProfilePackage', 3],
    ['smdp_oid_mismatch', 'cancelSession', 127],
  ];
  for (const [code, rspFunction, number] of table) assert.equal(asn1ErrorOf(code, rspFunction), number, code);
});

test('a refusal becomes a Failed status with its codes and words, reason 3.10 staying 3.10', () => {
  const error = new RspError('smdp_oid_mismatch');
  assert.deepEqual(failedStatus(error.code, error.detail), {
    status: 'Failed',
    statusCodeData: {
      subjectCode: '8.8',
      reasonCode: '3.10',
      message: rspErrorCodes.smdp_oid_mismatch.message,
    },
  });
  assert.deepEqual(executedSuccess, { status: 'Executed-Success' });
});

test('numbers of the eUICC have names', () => {
  assert.equal(codeName(bppErrorReasons, 8), 'scp03tSecurityError');
  assert.equal(codeName(bppErrorReasons, 99), undefined);
});

test('a confirmation code holds in its own transaction only', () => {
  const stored = hashConfirmationCode('12345678');
  const hashCc = bindConfirmationCode(stored, Uint8Array.of(1, 2));
  assert.equal(
    Buffer.from(stored).toString('hex'),
    'ef797c8118f02dfb649607dd5d3f8c7623048c9c063d532cc95c5ed7a898a64f',
  );
  assert.ok(isConfirmationCode(hashCc, stored, Uint8Array.of(1, 2)));
  assert.ok(!isConfirmationCode(hashCc, stored, Uint8Array.of(1, 3)));
  assert.ok(!isConfirmationCode(hashCc, hashConfirmationCode('12345679'), Uint8Array.of(1, 2)));
  assert.ok(!isConfirmationCode(new Uint8Array(0), stored, Uint8Array.of(1, 2)));
});
