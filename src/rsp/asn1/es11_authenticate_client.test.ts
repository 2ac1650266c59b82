import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../base/bytes.ts';
import { readAuthenticateClientOkEs11, writeAuthenticateClientOkEs11 } from './es11_authenticate_client.ts';
import {
  provisioningTags,
  readProvisioningResponse,
  writeProvisioningError,
} from './remote_profile_provisioning.ts';

const transactionId = fromHex('0123456789ABCDEF0123456789ABCDEF');
const eventEntries = [{ eventId: 'EV-7F3A-0001', rspServerAddress: 'smdp.example.com' }];
const written =
  'BF4038A03680100123456789ABCDEF0123456789ABCDEFA1223020800C45562D374633412D303030318110736D64702E6578616D706C652E636F6D';

test('an answer with one event is written, and read, as the ASN.1 says', () => {
  assert.equal(toHex(writeAuthenticateClientOkEs11({ transactionId, eventEntries })), written);
  const read = readProvisioningResponse(fromHex(written), provisioningTags.es11AuthenticateClient);
  assert.ok('ok' in read);
  const { transactionId: id, eventEntries: entries } = readAuthenticateClientOkEs11(read.ok);
  assert.deepEqual([toHex(id), entries], [toHex(transactionId), eventEntries]);
});

test('nothing registered is an empty list, and an unknown event an error integer', () => {
  const none = writeAuthenticateClientOkEs11({ transactionId: Uint8Array.of(1), eventEntries: [] });
  assert.equal(toHex(none), 'BF4007A005800101A100');
  assert.equal(toHex(writeProvisioningError(provisioningTags.es11AuthenticateClient, 6)), 'BF4003810106');
});

test('an answer with more in it than there is to be is refused', () => {
  const more = fromHex('BF400AA0088001 01A1008201 05'.replaceAll(' ', ''));
  const read = readProvisioningResponse(more, provisioningTags.es11AuthenticateClient);
  assert.ok('ok' in read);
  assert.throws(() => readAuthenticateClientOkEs11(read.ok), { code: 'malformed_der' });
});
