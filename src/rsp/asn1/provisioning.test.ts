import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { readAuthenticateClientRequest, writeAuthenticateClientRequest } from './authenticate_client.ts';
import { readCancelSessionRequestEs9, writeCancelSessionOk } from './cancel_session_es9.ts';
import {
  readGetBoundProfilePackageRequest,
  writeGetBoundProfilePackageRequest,
} from './get_bound_profile_package.ts';
import { readHandleNotification, writeHandleNotification } from './handle_notification.ts';
import {
  readInitiateAuthenticationRequest,
  writeInitiateAuthenticationRequest,
} from './initiate_authentication.ts';
import {
  provisioningTagOf,
  readProvisioningMessage,
  readProvisioningResponse,
  writeProvisioningError,
  writeProvisioningMessage,
} from './remote_profile_provisioning.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const isMalformed = (error: unknown) => error instanceof AppError && error.code === 'malformed_der';

test('the requests are written as Annex H has them, and read back as they were', () => {
  const transactionId = hex('0102');
  const initiate = {
    euiccChallenge: Buffer.alloc(16, 7),
    serverAddress: 'a.b',
    euiccInfo1: hex('BF2003 820101'),
  };
  const initiateBytes = writeInitiateAuthenticationRequest(initiate);
  assert.equal(toHex(initiateBytes), `BF391D8110${'07'.repeat(16)}8303612E62BF2003820101`);
  assert.deepEqual(readInitiateAuthenticationRequest(initiateBytes), initiate);
  const authenticate = { transactionId, authenticateServerResponse: hex('BF3800') };
  assert.equal(toHex(writeAuthenticateClientRequest(authenticate)), 'BF3B0780020102BF3800');
  assert.deepEqual(readAuthenticateClientRequest(writeAuthenticateClientRequest(authenticate)), authenticate);
  const get = { transactionId, prepareDownloadResponse: hex('BF2100') };
  assert.equal(toHex(writeGetBoundProfilePackageRequest(get)), 'BF3A0780020102BF2100');
  assert.deepEqual(readGetBoundProfilePackageRequest(writeGetBoundProfilePackageRequest(get)), get);
  const notification = { pendingNotification: hex('BF3700') };
  assert.equal(toHex(writeHandleNotification(notification)), 'BF3D05A003BF3700');
  assert.deepEqual(readHandleNotification(writeHandleNotification(notification)), notification);
  assert.deepEqual(readHandleNotification(hex('BF3D03BF3700')), notification);
});

test('a CancelSessionResponse is found whether [1] wraps BF41, stands in its place, or is left out', () => {
  const wanted = { transactionId: hex('010203'), cancelSessionResponse: hex('BF4103810105') };
  for (const bytes of [
    'BF410D8003010203A106BF4103810105',
    'BF410A8003010203A103810105',
    'BF410B8003010203BF4103810105',
  ]) {
    const read = readCancelSessionRequestEs9(hex(bytes));
    assert.deepEqual(
      [toHex(read.transactionId), toHex(read.cancelSessionResponse)],
      [toHex(wanted.transactionId), toHex(wanted.cancelSessionResponse)],
      bytes,
    );
  }
  assert.throws(() => readCancelSessionRequestEs9(hex('BF41058003010203')), isMalformed);
  assert.throws(() => readCancelSessionRequestEs9(hex('BF41078003010203 3000')), isMalformed);
});

test('an answer is a success under [0] or an error under [1], in the envelope A2', () => {
  assert.equal(toHex(writeProvisioningMessage(writeCancelSessionOk())), 'A205BF4102A000');
  assert.equal(toHex(writeProvisioningMessage(writeProvisioningError(0xbf40, 6))), 'A206BF4003810106');
  assert.deepEqual(readProvisioningResponse(hex('BF3B0381017F'), 0xbf3b), { errorCode: 127 });
  for (const bytes of ['BF3B00', 'BF3B023000', 'BF3B05A000810101', 'BF3A03810101'])
    assert.throws(() => readProvisioningResponse(hex(bytes), 0xbf3b), isMalformed, bytes);
});

test('an envelope holds one message and nothing else', () => {
  assert.equal(toHex(readProvisioningMessage(hex('A203BF3900')).raw), 'BF3900');
  for (const bytes of ['', 'A2', 'A200', 'A203BF390000', 'A206BF3900BF3900', 'A280BF39000000', '3003BF3900'])
    assert.throws(() => readProvisioningMessage(hex(bytes)), isMalformed, bytes);
});

test('the function of a message is known as long as its tag can be read', () => {
  for (const [bytes, tag] of [
    ['A203BF3900', 0xbf39],
    ['A2820500BF3B80', undefined],
    ['A2820500BF3B8100', undefined],
    ['A2820500BF3B820400', 0xbf3b],
    ['A2', undefined],
    ['', undefined],
    ['3003BF3900', undefined],
  ] as const)
    assert.equal(provisioningTagOf(hex(bytes)), tag, bytes);
});
