// Every message: what is written is read back, signed bytes stay as they came, and bent bytes give a clean error.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { fromHex, toHex } from '../../base/bytes.ts';
import { readTlv } from '../../der/tlv.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import {
  readAuthenticateServerRequest,
  writeAuthenticateServerRequest,
} from './authenticate_server_request.ts';
import {
  readAuthenticateServerResponse,
  writeAuthenticateServerResponse,
} from './authenticate_server_response.ts';
import { readCancelSessionRequest, writeCancelSessionRequest } from './cancel_session_request.ts';
import {
  readCancelSessionResponse,
  writeCancelSessionResponse,
  writeEuiccCancelSessionSigned,
} from './cancel_session_response.ts';
import { readConfigureIsdp, writeConfigureIsdp } from './configure_isdp.ts';
import { readCtxParams1, writeCtxParams1 } from './ctx_params1.ts';
import { readEuiccInfo1, writeEuiccInfo1 } from './euicc_info1.ts';
import { readEuiccInfo2, writeEuiccInfo2 } from './euicc_info2.ts';
import { readEuiccSigned1, writeEuiccSigned1 } from './euicc_signed1.ts';
import { readEuiccSigned2, writeEuiccSigned2 } from './euicc_signed2.ts';
import { readExtCardResource, writeExtCardResource } from './ext_card_resource.ts';
import {
  readInitialiseSecureChannel,
  writeInitialiseSecureChannel,
  writeSignedFields,
} from './initialise_secure_channel.ts';
import { readNotificationMetadata, writeNotificationMetadata } from './notification_metadata.ts';
import { mccMncBytes, mccMncDigits } from './operator_id.ts';
import { writeOtherSignedNotification } from './other_signed_notification.ts';
import { readPendingNotification } from './pending_notification.ts';
import { readPrepareDownloadRequest, writePrepareDownloadRequest } from './prepare_download_request.ts';
import { readPrepareDownloadResponse, writePrepareDownloadResponse } from './prepare_download_response.ts';
import {
  readProfileInstallationResult,
  writeProfileInstallationResult,
  writeProfileInstallationResultData,
} from './profile_installation_result.ts';
import { readReplaceSessionKeys, writeReplaceSessionKeys } from './replace_session_keys.ts';
import { readServerSigned1, writeServerSigned1 } from './server_signed1.ts';
import { readSmdpSigned2, writeSmdpSigned2 } from './smdp_signed2.ts';
import {
  metadataLimits,
  readStoreMetadata,
  type StoreMetadataRequest,
  writeStoreMetadata,
} from './store_metadata.ts';
import { transactionIdFromHex, transactionIdToHex } from './transaction_id.ts';

const bytesOf = (length: number, fill: number) => Buffer.alloc(length, fill);
const transactionId = bytesOf(16, 1);
const signature = bytesOf(64, 2);
const certificate = sequence(bytesOf(0, 0), tlv(0x02, bytesOf(200, 3)));
const eumCertificate = sequence(tlv(0x02, bytesOf(300, 4)));
const otpk = bytesOf(65, 4);
const keyId = fromHex('F54172BDF98A95D65CBEB88A38A1C11D800A85C3');

const serverSigned1 = writeServerSigned1({
  transactionId,
  euiccChallenge: bytesOf(16, 5),
  serverAddress: 'smdp.example.com',
  serverChallenge: bytesOf(16, 6),
});
const info2 = {
  profileVersion: '2.3.1',
  svn: '2.3.0',
  euiccFirmwareVer: '1.0.0',
  extCardResource: fromHex('81010082040004000083022000'),
  uiccCapability: [1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 14, 16, 17],
  ts102241Version: '11.2.0',
  globalplatformVersion: '2.3.0',
  rspCapability: ['additionalProfile', 'testProfileSupport'] as const,
  euiccCiPKIdListForVerification: [keyId],
  euiccCiPKIdListForSigning: [keyId],
  euiccCategory: 1,
  forbiddenProfilePolicyRules: ['ppr1'] as const,
  ppVersion: '1.0.0',
  sasAcreditationNumber: 'EX-AA-UP-0101',
};
const euiccInfo2 = writeEuiccInfo2({
  ...info2,
  rspCapability: [...info2.rspCapability],
  forbiddenProfilePolicyRules: [...info2.forbiddenProfilePolicyRules],
});
const ctxParams1 = writeCtxParams1({
  matchingId: 'EV-7F3A-0001',
  deviceInfo: {
    tac: fromHex('35290611'),
    deviceCapabilities: { gsmSupportedRelease: '5.0.0', eutranSupportedRelease: '9.0.0' },
    imei: bytesOf(8, 9),
  },
});
const euiccSigned1 = writeEuiccSigned1({
  transactionId,
  serverAddress: 'smdp.example.com',
  serverChallenge: bytesOf(16, 6),
  euiccInfo2,
  ctxParams1,
});
const smdpSigned2 = writeSmdpSigned2({ transactionId, ccRequiredFlag: true, bppEuiccOtpk: otpk });
const euiccSigned2 = writeEuiccSigned2({ transactionId, euiccOtpk: otpk, hashCc: bytesOf(32, 7) });
const signedFields = writeSignedFields({
  remoteOpId: 1,
  transactionId,
  controlRefTemplate: { keyType: 0x88, keyLen: 0x10, hostId: Buffer.from('host') },
  smdpOtpk: otpk,
});
const metadata: Omit<StoreMetadataRequest, 'raw'> = {
  iccid: '89019909211101234567',
  serviceProviderName: 'Example Mobile',
  profileName: 'Plan A',
  iconType: 'png',
  icon: bytesOf(1024, 8),
  profileClass: 'operational',
  notificationConfigurationInfo: [
    { profileManagementOperation: ['install', 'delete'], notificationAddress: 'smdp.example.com' },
  ],
  profileOwner: { mccMnc: mccMncBytes('99970'), gid1: fromHex('01'), gid2: undefined },
  profilePolicyRules: ['ppr1', 'ppr2'],
};
const notification = writeNotificationMetadata({
  seqNumber: 5,
  profileManagementOperation: 'enable',
  notificationAddress: 'smdp.example.com',
  iccid: '89019909211101234567',
});
const resultData = writeProfileInstallationResultData({
  transactionId,
  notificationMetadata: notification,
  smdpOid: '2.999.10',
  finalResult: { successResult: { aid: bytesOf(16, 0xa0), simaResponse: fromHex('3007A0053003800100') } },
});
const errorData = writeProfileInstallationResultData({
  transactionId,
  notificationMetadata: notification,
  finalResult: { errorResult: { bppCommandId: 2, errorReason: 9, simaResponse: bytesOf(3, 1) } },
});
const cancelSigned = writeEuiccCancelSessionSigned({ transactionId, smdpOid: '2.999.10', reason: 1 });
const error = { transactionId, errorCode: 6 };

const messages: { name: string; bytes: Uint8Array; read: (bytes: Uint8Array) => unknown }[] = [
  {
    name: 'EuiccInfo1',
    bytes: writeEuiccInfo1({
      svn: '2.3.0',
      euiccCiPKIdListForVerification: [keyId],
      euiccCiPKIdListForSigning: [],
    }),
    read: readEuiccInfo1,
  },
  { name: 'EuiccInfo2', bytes: euiccInfo2, read: readEuiccInfo2 },
  { name: 'ServerSigned1', bytes: serverSigned1, read: readServerSigned1 },
  { name: 'CtxParams1', bytes: ctxParams1, read: readCtxParams1 },
  { name: 'EuiccSigned1', bytes: euiccSigned1, read: readEuiccSigned1 },
  {
    name: 'AuthenticateServerRequest',
    bytes: writeAuthenticateServerRequest({
      serverSigned1,
      serverSignature1: signature,
      euiccCiPKIdToBeUsed: keyId,
      serverCertificate: certificate,
      ctxParams1,
    }),
    read: readAuthenticateServerRequest,
  },
  {
    name: 'AuthenticateServerResponse',
    bytes: writeAuthenticateServerResponse({
      authenticateResponseOk: {
        euiccSigned1,
        euiccSignature1: signature,
        euiccCertificate: certificate,
        eumCertificate,
      },
    }),
    read: readAuthenticateServerResponse,
  },
  {
    name: 'AuthenticateServerResponse error',
    bytes: writeAuthenticateServerResponse({ authenticateResponseError: error }),
    read: readAuthenticateServerResponse,
  },
  { name: 'SmdpSigned2', bytes: smdpSigned2, read: readSmdpSigned2 },
  { name: 'EuiccSigned2', bytes: euiccSigned2, read: readEuiccSigned2 },
  {
    name: 'PrepareDownloadRequest',
    bytes: writePrepareDownloadRequest({
      smdpSigned2,
      smdpSignature2: signature,
      hashCc: bytesOf(32, 1),
      smdpCertificate: certificate,
    }),
    read: readPrepareDownloadRequest,
  },
  {
    name: 'PrepareDownloadResponse',
    bytes: writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2, euiccSignature2: signature } }),
    read: readPrepareDownloadResponse,
  },
  {
    name: 'PrepareDownloadResponse error',
    bytes: writePrepareDownloadResponse({ downloadResponseError: error }),
    read: readPrepareDownloadResponse,
  },
  {
    name: 'InitialiseSecureChannel',
    bytes: writeInitialiseSecureChannel(signedFields, signature),
    read: readInitialiseSecureChannel,
  },
  { name: 'ConfigureISDP', bytes: writeConfigureIsdp({ dpOid: '2.999.10' }), read: readConfigureIsdp },
  { name: 'StoreMetadata', bytes: writeStoreMetadata(metadata), read: readStoreMetadata },
  {
    name: 'ReplaceSessionKeys',
    bytes: writeReplaceSessionKeys({
      initialMac: bytesOf(16, 1),
      encKey: bytesOf(16, 2),
      macKey: bytesOf(16, 3),
    }),
    read: readReplaceSessionKeys,
  },
  {
    name: 'ProfileInstallationResult',
    bytes: writeProfileInstallationResult(resultData, signature),
    read: readProfileInstallationResult,
  },
  {
    name: 'ProfileInstallationResult error',
    bytes: writeProfileInstallationResult(errorData, signature),
    read: readPendingNotification,
  },
  { name: 'NotificationMetadata', bytes: notification, read: readNotificationMetadata },
  {
    name: 'OtherSignedNotification',
    bytes: writeOtherSignedNotification({
      tbsOtherNotification: notification,
      euiccNotificationSignature: signature,
      euiccCertificate: certificate,
      eumCertificate,
    }),
    read: readPendingNotification,
  },
  {
    name: 'CancelSessionRequest',
    bytes: writeCancelSessionRequest({ transactionId, reason: 127 }),
    read: readCancelSessionRequest,
  },
  {
    name: 'CancelSessionResponse',
    bytes: writeCancelSessionResponse({
      cancelSessionResponseOk: {
        euiccCancelSessionSigned: cancelSigned,
        euiccCancelSessionSignature: signature,
      },
    }),
    read: readCancelSessionResponse,
  },
  {
    name: 'CancelSessionResponse error',
    bytes: writeCancelSessionResponse({ cancelSessionResponseError: 5 }),
    read: readCancelSessionResponse,
  },
];

for (const { name, bytes, read } of messages) {
  test(`${name}: read, it is refused when cut anywhere, followed by anything or under another tag`, () => {
    assert.ok(read(bytes));
    const refused = (bad: Uint8Array, what: string) =>
      assert.throws(
        () => read(bad),
        (thrown) => thrown instanceof AppError && thrown.code === 'malformed_der',
        what,
      );
    for (let length = 0; length < bytes.length; length++)
      refused(bytes.subarray(0, length), `cut at ${length}`);
    refused(Buffer.concat([bytes, Uint8Array.of(0)]), 'followed by a byte');
    refused(tlv(0x31, readTlv(bytes).value), 'under another tag');
  });

  test(`${name}: any byte changed is read or refused with malformed_der, nothing else`, () => {
    for (let at = 0; at < bytes.length; at++)
      for (const mask of [0x01, 0x80, 0xff, 0x20]) {
        const bent = Buffer.from(bytes);
        bent[at] = (bent[at] ?? 0) ^ mask;
        try {
          read(bent);
        } catch (thrown) {
          if (!(thrown instanceof AppError && thrown.code === 'malformed_der')) throw thrown;
        }
      }
  });
}

/** What is compared of a message: bytes as hex, fields without a value dropped. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, v]) => key !== 'raw' && v !== undefined)
      .map(([key, v]) => [key, plain(v)]),
  );
}

test('every field of the messages survives writing and reading', () => {
  assert.deepEqual(plain(readEuiccInfo2(euiccInfo2)), plain(info2));
  assert.deepEqual(plain(readStoreMetadata(writeStoreMetadata(metadata))), plain(metadata));
  const response = readAuthenticateServerResponse(messages[6]?.bytes ?? Buffer.alloc(0));
  assert.ok('authenticateResponseOk' in response);
  const { euiccSigned1: signed, euiccCertificate } = response.authenticateResponseOk;
  assert.equal(toHex(signed.raw), toHex(euiccSigned1));
  assert.equal(toHex(signed.ctxParams1.raw), toHex(ctxParams1));
  assert.equal(signed.ctxParams1.matchingId, 'EV-7F3A-0001');
  assert.equal(signed.ctxParams1.deviceInfo.deviceCapabilities.eutranSupportedRelease, '9.0.0');
  assert.equal(toHex(euiccCertificate), toHex(certificate));
  assert.deepEqual(plain(readAuthenticateServerResponse(messages[7]?.bytes ?? Buffer.alloc(0))), {
    authenticateResponseError: plain(error),
  });
  const result = readProfileInstallationResult(
    writeProfileInstallationResult(errorData, signature),
  ).profileInstallationResultData;
  assert.equal(toHex(result.raw), toHex(errorData));
  assert.deepEqual(plain(result.finalResult), {
    errorResult: { bppCommandId: 2, errorReason: 9, simaResponse: '010101' },
  });
  const channel = readInitialiseSecureChannel(writeInitialiseSecureChannel(signedFields, signature));
  assert.equal(toHex(channel.signedFields), toHex(signedFields));
  const cancelled = readCancelSessionResponse(messages[22]?.bytes ?? Buffer.alloc(0));
  assert.ok('cancelSessionResponseOk' in cancelled);
  assert.equal(toHex(cancelled.cancelSessionResponseOk.euiccCancelSessionSigned.raw), toHex(cancelSigned));
  assert.equal(cancelled.cancelSessionResponseOk.euiccCancelSessionSigned.smdpOid, '2.999.10');
  const resource = { installedApplications: 0, freeNonVolatileBytes: 0x40000, freeVolatileBytes: 0x2000 };
  assert.deepEqual(readExtCardResource(info2.extCardResource), resource);
  assert.deepEqual(readExtCardResource(writeExtCardResource(resource)), resource);
});

test('the worked examples are written byte for byte', () => {
  const id = toHex(keyId);
  assert.equal(
    toHex(
      writeEuiccInfo1({
        svn: '2.3.0',
        euiccCiPKIdListForVerification: [keyId],
        euiccCiPKIdListForSigning: [keyId],
      }),
    ),
    `BF20358203020300A9160414${id}AA160414${id}`,
  );
  const cardsOwn = `BF227D810302030182030203008303010000840D810100820400040000830220008504057F36C086030B0200870302030088020490A9160414${id}AA160414${id}8B01019902064004030100000C0D45582D41412D55502D30313031`;
  assert.deepEqual(plain(readEuiccInfo2(fromHex(cardsOwn))), plain(info2));
  assert.equal(
    toHex(euiccInfo2),
    cardsOwn.replace('8504057F36C0', '8504067F36C0'),
    'DER drops the trailing zero bit',
  );
  assert.equal(
    toHex(notification),
    'BF2F25800105810206400C10736D64702E6578616D706C652E636F6D5A0A98109990121110325476',
  );
  assert.equal(
    toHex(
      writeCtxParams1({
        matchingId: 'EV-7F3A-0001',
        deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
      }),
    ),
    'A018800C45562D374633412D30303031A108800435290611A100',
  );
  assert.equal(
    toHex(writeCancelSessionRequest({ transactionId: Uint8Array.of(1, 2), reason: 0 })),
    'BF410780020102810100',
  );
  assert.equal(toHex(writeCancelSessionResponse({ cancelSessionResponseError: 5 })), 'BF4103810105');
  assert.equal(
    toHex(
      writeAuthenticateServerResponse({
        authenticateResponseError: { transactionId: Uint8Array.of(1, 2), errorCode: 6 },
      }),
    ),
    'BF3809A10780020102020106',
  );
  assert.equal(
    toHex(
      writeProfileInstallationResultData({
        transactionId: Uint8Array.of(1, 2),
        notificationMetadata: writeNotificationMetadata({
          seqNumber: 5,
          profileManagementOperation: 'install',
          notificationAddress: 'smdp.example.com',
          iccid: '89019909211101234567',
        }),
        smdpOid: '2.999.10',
        finalResult: { errorResult: { bppCommandId: 1, errorReason: 9 } },
      }),
    ),
    'BF273B80020102BF2F25800105810207800C10736D64702E6578616D706C652E636F6D5A0A98109990121110325476060388370AA208A106800101810109',
  );
});

test('what a later version of the specification appends is kept in raw and does no harm', () => {
  const longer = sequence(readTlv(serverSigned1).value, tlv(0xbf50, Buffer.from('new')));
  assert.equal(toHex(readServerSigned1(longer).raw), toHex(longer));
  const otherCertificates = tlv(0xa2, certificate);
  const response = tlv(
    0xbf38,
    tlv(0xa0, euiccSigned1, tlv(0x5f37, signature), certificate, eumCertificate, otherCertificates),
  );
  assert.ok('authenticateResponseOk' in readAuthenticateServerResponse(response));
});

test('values of a wrong size or meaning are refused', () => {
  const cases: [string, () => unknown][] = [
    [
      'a challenge of 15 bytes',
      () =>
        readServerSigned1(
          writeServerSigned1({
            transactionId,
            euiccChallenge: bytesOf(15, 1),
            serverAddress: 'a',
            serverChallenge: bytesOf(16, 1),
          }),
        ),
    ],
    [
      'an empty transactionId',
      () => readSmdpSigned2(writeSmdpSigned2({ transactionId: bytesOf(0, 1), ccRequiredFlag: false })),
    ],
    [
      'a transactionId of 17 bytes',
      () => readSmdpSigned2(writeSmdpSigned2({ transactionId: bytesOf(17, 1), ccRequiredFlag: false })),
    ],
    [
      'a one-time key of 64 bytes',
      () => readEuiccSigned2(writeEuiccSigned2({ transactionId, euiccOtpk: bytesOf(64, 4) })),
    ],
    [
      'a signature of 63 bytes',
      () =>
        readPrepareDownloadResponse(
          writePrepareDownloadResponse({
            downloadResponseOk: { euiccSigned2, euiccSignature2: bytesOf(63, 1) },
          }),
        ),
    ],
    [
      'a hash of 31 bytes',
      () => readEuiccSigned2(writeEuiccSigned2({ transactionId, euiccOtpk: otpk, hashCc: bytesOf(31, 1) })),
    ],
    [
      'an icon that is too large',
      () =>
        readStoreMetadata(
          writeStoreMetadata({ ...metadata, icon: bytesOf(metadataLimits.iconBytesMax + 1, 1) }),
        ),
    ],
    [
      'a provider name that is too long',
      () => readStoreMetadata(writeStoreMetadata({ ...metadata, serviceProviderName: 'x'.repeat(33) })),
    ],
    [
      'a session key of 15 bytes',
      () =>
        readReplaceSessionKeys(
          writeReplaceSessionKeys({
            initialMac: bytesOf(16, 1),
            encKey: bytesOf(15, 1),
            macKey: bytesOf(16, 1),
          }),
        ),
    ],
    [
      'a host identifier of 17 bytes',
      () =>
        readInitialiseSecureChannel(
          writeInitialiseSecureChannel(
            writeSignedFields({
              remoteOpId: 1,
              transactionId,
              controlRefTemplate: { keyType: 1, keyLen: 1, hostId: bytesOf(17, 1) },
              smdpOtpk: otpk,
            }),
            signature,
          ),
        ),
    ],
    [
      'an ICCID with letters',
      () =>
        readNotificationMetadata(
          fromHex('BF2F25800105810206400C10736D64702E6578616D706C652E636F6D5A0AA8109990121110325476'),
        ),
    ],
    [
      'a notification of two events',
      () =>
        readNotificationMetadata(
          fromHex('BF2F25800105810206C00C10736D64702E6578616D706C652E636F6D5A0A98109990121110325476'),
        ),
    ],
    ['a choice with neither alternative', () => readCancelSessionResponse(fromHex('BF4103820105'))],
    ['an empty message', () => readAuthenticateServerResponse(fromHex('BF3800'))],
  ];
  for (const [what, action] of cases)
    assert.throws(action, (thrown) => thrown instanceof AppError && thrown.code === 'malformed_der', what);
});

test('network codes and transaction identifiers change form without loss', () => {
  assert.equal(toHex(mccMncBytes('99970')), '99F907');
  assert.equal(toHex(mccMncBytes('310410')), '130014');
  for (const digits of ['99970', '310410', '00101']) assert.equal(mccMncDigits(mccMncBytes(digits)), digits);
  assert.equal(mccMncDigits(fromHex('EEEEEE')), 'EEEEEE');
  assert.throws(() => mccMncBytes('9997'), AppError);
  assert.equal(transactionIdToHex(transactionIdFromHex('0aFF')), '0AFF');
  assert.throws(() => transactionIdFromHex(''), AppError);
  assert.throws(() => transactionIdFromHex('00'.repeat(17)), AppError);
});

const session = new URL('../../../../shared/testdata/session/', import.meta.url);
test('the messages of a recorded session are read, and written back byte for byte', {
  skip: !existsSync(session) && 'no test data',
}, () => {
  const file = (name: string) => readFileSync(new URL(name, session));
  const response = readAuthenticateServerResponse(file('auth-server-response.der'));
  assert.ok('authenticateResponseOk' in response);
  const { euiccSigned1: signed, ...rest } = response.authenticateResponseOk;
  assert.equal(
    toHex(writeAuthenticateServerResponse({ authenticateResponseOk: { ...rest, euiccSigned1: signed.raw } })),
    toHex(file('auth-server-response.der')),
  );
  const prepared = readPrepareDownloadResponse(file('prepare-download-response.der'));
  assert.ok('downloadResponseOk' in prepared);
  const { euiccSigned2: signed2, euiccSignature2 } = prepared.downloadResponseOk;
  assert.equal(toHex(writeEuiccSigned2(signed2)), toHex(signed2.raw));
  assert.equal(
    toHex(
      writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2: signed2.raw, euiccSignature2 } }),
    ),
    toHex(file('prepare-download-response.der')),
  );
  assert.equal(
    toHex(writeStoreMetadata(readStoreMetadata(file('store-metadata.der')))),
    toHex(file('store-metadata.der')),
  );
  const pending = readPendingNotification(file('pending-notification.der'));
  assert.ok('profileInstallationResult' in pending);
  assert.equal(
    toHex(pending.profileInstallationResult.profileInstallationResultData.transactionId),
    toHex(file('transaction-id.bin')),
  );
  assert.equal(readEuiccInfo1(file('euicc-info1.der')).svn, '2.0.0');
});
