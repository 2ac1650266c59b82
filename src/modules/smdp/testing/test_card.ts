// A minimal eUICC for tests: signs what a real one would, and, on request, what it would not.

import { present } from '../../../base/assert.ts';
import { concat } from '../../../base/bytes.ts';
import { createBlockOpener } from '../../../crypto/block_opener.ts';
import { type Certificate, readCertificate } from '../../../crypto/certificate.ts';
import { signEcdsa } from '../../../crypto/ecdsa.ts';
import { generateOneTimeKey, type OneTimeKey } from '../../../crypto/one_time_key.ts';
import type { SigningKey } from '../../../crypto/signing_key.ts';
import { writeAuthenticateServerResponse } from '../../../rsp/asn1/authenticate_server_response.ts';
import {
  writeCancelSessionResponse,
  writeEuiccCancelSessionSigned,
} from '../../../rsp/asn1/cancel_session_response.ts';
import { writeCtxParams1 } from '../../../rsp/asn1/ctx_params1.ts';
import { writeEuiccInfo1 } from '../../../rsp/asn1/euicc_info1.ts';
import { type EuiccInfo2, writeEuiccInfo2 } from '../../../rsp/asn1/euicc_info2.ts';
import { writeEuiccSigned1 } from '../../../rsp/asn1/euicc_signed1.ts';
import { writeEuiccSigned2 } from '../../../rsp/asn1/euicc_signed2.ts';
import { writeExtCardResource } from '../../../rsp/asn1/ext_card_resource.ts';
import type { NotificationEvent } from '../../../rsp/asn1/named_flags.ts';
import { writeNotificationMetadata } from '../../../rsp/asn1/notification_metadata.ts';
import { writeOtherSignedNotification } from '../../../rsp/asn1/other_signed_notification.ts';
import { writePrepareDownloadResponse } from '../../../rsp/asn1/prepare_download_response.ts';
import {
  type FinalResult,
  writeProfileInstallationResult,
  writeProfileInstallationResultData,
} from '../../../rsp/asn1/profile_installation_result.ts';
import { readReplaceSessionKeys } from '../../../rsp/asn1/replace_session_keys.ts';
import { readServerSigned1, type ServerSigned1 } from '../../../rsp/asn1/server_signed1.ts';
import { readSignature } from '../../../rsp/asn1/signature.ts';
import { readSmdpSigned2 } from '../../../rsp/asn1/smdp_signed2.ts';
import type { ServerProof } from '../../../rsp/authentication/start_authentication.ts';
import { bindConfirmationCode, hashConfirmationCode } from '../../../rsp/confirmation_code.ts';
import { deriveSessionKeys } from '../../../rsp/es8/derive_session_keys.ts';
import { readBoundProfilePackage } from '../../../rsp/es8/read_bound_profile_package.ts';
import { euiccSignature2Bytes } from '../../../rsp/signed_bytes.ts';
import type { OfferedProfile } from '../index.ts';

export type TestCard = {
  eid: string;
  key: SigningKey;
  euiccCertificate: Uint8Array;
  eumCertificate: Uint8Array;
  ciKeyId: Uint8Array;
};

export function createTestCard(parts: Omit<TestCard, 'eid' | 'ciKeyId'> & { ci: Certificate }): TestCard {
  const { ci, ...rest } = parts;
  const eid = present(readCertificate(parts.euiccCertificate).subjectName.serialNumber, 'an EID');
  return { ...rest, eid, ciKeyId: present(ci.subjectKeyId, 'a key identifier') };
}

export type Info = { svn?: string; verification?: Uint8Array[]; signing?: Uint8Array[] };

export function euiccInfo1(card: TestCard, { svn = '2.3.0', verification, signing }: Info = {}): Uint8Array {
  return writeEuiccInfo1({
    svn,
    euiccCiPKIdListForVerification: verification ?? [card.ciKeyId],
    euiccCiPKIdListForSigning: signing ?? [card.ciKeyId],
  });
}

/** What the card says of itself when it is authenticated. */
export function info2(card: TestCard): Omit<EuiccInfo2, 'raw'> {
  return {
    profileVersion: '2.3.1',
    svn: '2.3.0',
    euiccFirmwareVer: '1.0.0',
    extCardResource: writeExtCardResource({
      installedApplications: 0,
      freeNonVolatileBytes: 0x40000,
      freeVolatileBytes: 0x2000,
    }),
    uiccCapability: [1, 2, 3],
    rspCapability: ['additionalProfile', 'testProfileSupport'],
    euiccCiPKIdListForVerification: [card.ciKeyId],
    euiccCiPKIdListForSigning: [card.ciKeyId],
    forbiddenProfilePolicyRules: [],
    ppVersion: '1.0.0',
    sasAcreditationNumber: 'XX-TEST-UP-0101',
  };
}

export type ProofChanges = {
  matchingId?: string | undefined;
  signed?: Partial<Pick<ServerSigned1, 'transactionId' | 'serverAddress' | 'serverChallenge'>>;
  euiccInfo2?: Partial<EuiccInfo2>;
  euiccCertificate?: Uint8Array;
  eumCertificate?: Uint8Array;
  /** Signs instead of the card's own key. */
  key?: SigningKey;
};

/** BF38 {A0}: the card's answer to a server's proof. */
export function proveCard(card: TestCard, proof: ServerProof, changes: ProofChanges = {}): Uint8Array {
  const { transactionId, serverAddress, serverChallenge } = readServerSigned1(proof.serverSigned1);
  const euiccSigned1 = writeEuiccSigned1({
    transactionId,
    serverAddress,
    serverChallenge,
    ...changes.signed,
    euiccInfo2: writeEuiccInfo2({ ...info2(card), ...changes.euiccInfo2 }),
    ctxParams1: writeCtxParams1({
      matchingId: changes.matchingId,
      deviceInfo: { tac: Buffer.from('35290611', 'hex'), deviceCapabilities: {} },
    }),
  });
  return writeAuthenticateServerResponse({
    authenticateResponseOk: {
      euiccSigned1,
      euiccSignature1: signEcdsa((changes.key ?? card.key).privateKey, euiccSigned1),
      euiccCertificate: changes.euiccCertificate ?? card.euiccCertificate,
      eumCertificate: changes.eumCertificate ?? card.eumCertificate,
    },
  });
}

export type PrepareChanges = {
  confirmationCode?: string;
  /** The card's one-time pair; a new one if left out. */
  otsk?: OneTimeKey;
  euiccOtpk?: Uint8Array;
  transactionId?: Uint8Array;
  key?: SigningKey;
};

/** BF21 {A0}: the card's answer to an offer. */
export function prepareDownload(
  card: TestCard,
  offer: OfferedProfile,
  changes: PrepareChanges = {},
): Uint8Array {
  const { transactionId } = readSmdpSigned2(offer.smdpSigned2);
  const { curve } = readCertificate(offer.smdpCertificate);
  const code = changes.confirmationCode;
  const euiccSigned2 = writeEuiccSigned2({
    transactionId: changes.transactionId ?? transactionId,
    euiccOtpk: changes.euiccOtpk ?? (changes.otsk ?? generateOneTimeKey(curve)).publicKey,
    hashCc: code === undefined ? undefined : bindConfirmationCode(hashConfirmationCode(code), transactionId),
  });
  const signed = euiccSignature2Bytes(euiccSigned2, readSignature(offer.smdpSignature2));
  const euiccSignature2 = signEcdsa((changes.key ?? card.key).privateKey, signed);
  return writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2, euiccSignature2 } });
}

export type ResultChanges = {
  seqNumber?: number;
  iccid?: string;
  finalResult?: FinalResult;
  key?: SigningKey;
};

/** BF37: the card's word on what became of a bound profile package; success unless told otherwise. */
export function installationResult(
  card: TestCard,
  transactionId: Uint8Array,
  changes: ResultChanges = {},
): Uint8Array {
  const data = writeProfileInstallationResultData({
    transactionId,
    notificationMetadata: writeNotificationMetadata({
      seqNumber: changes.seqNumber ?? 1,
      profileManagementOperation: 'install',
      notificationAddress: 'smdp.example.com',
      iccid: changes.iccid,
    }),
    smdpOid: '2.999.10',
    finalResult: changes.finalResult ?? installed,
  });
  return writeProfileInstallationResult(data, signEcdsa((changes.key ?? card.key).privateKey, data));
}

const installed: FinalResult = {
  successResult: {
    aid: Buffer.from('A0000005591010FFFFFFFF8900001100', 'hex'),
    simaResponse: Buffer.from('3007A0053003800100', 'hex'),
  },
};

export function failed(bppCommandId: number, errorReason: number, simaResponse?: Uint8Array): FinalResult {
  return { errorResult: { bppCommandId, errorReason, simaResponse } };
}

export type NotificationChanges = { key?: SigningKey; euiccCertificate?: Uint8Array };

/** A signed notice that a profile was enabled, disabled, deleted or installed. */
export function otherNotification(
  card: TestCard,
  operation: NotificationEvent,
  iccid: string,
  seqNumber: number,
  changes: NotificationChanges = {},
): Uint8Array {
  const metadata = writeNotificationMetadata({
    seqNumber,
    profileManagementOperation: operation,
    notificationAddress: 'smdp.example.com',
    iccid,
  });
  return writeOtherSignedNotification({
    tbsOtherNotification: metadata,
    euiccNotificationSignature: signEcdsa((changes.key ?? card.key).privateKey, metadata),
    euiccCertificate: changes.euiccCertificate ?? card.euiccCertificate,
    eumCertificate: card.eumCertificate,
  });
}

export type CancelChanges = { transactionId?: Uint8Array; smdpOid?: string; key?: SigningKey };

/** BF41 {A0}. */
export function cancel(
  card: TestCard,
  transactionId: Uint8Array,
  reason: number,
  changes: CancelChanges = {},
): Uint8Array {
  const signed = writeEuiccCancelSessionSigned({
    transactionId: changes.transactionId ?? transactionId,
    smdpOid: changes.smdpOid ?? '2.999.10',
    reason,
  });
  const euiccCancelSessionSignature = signEcdsa((changes.key ?? card.key).privateKey, signed);
  return writeCancelSessionResponse({
    cancelSessionResponseOk: { euiccCancelSessionSigned: signed, euiccCancelSessionSignature },
  });
}

/** Opens a bound profile package as the eUICC would: what it stores as metadata, and the profile package. */
export function openPackage(card: TestCard, boundProfilePackage: Uint8Array, otsk: OneTimeKey) {
  const bpp = readBoundProfilePackage(boundProfilePackage);
  const { smdpOtpk, controlRefTemplate, transactionId } = bpp.initialiseSecureChannelRequest;
  const { hostId } = controlRefTemplate;
  const session = createBlockOpener(deriveSessionKeys({ otsk, otpk: smdpOtpk, hostId, eid: card.eid }));
  for (const block of bpp.firstSequenceOf87) session.decrypt(block);
  const metadata = concat(...bpp.sequenceOf88.map((block) => session.verify(block)));
  const keys = concat(...(bpp.secondSequenceOf87 ?? []).map((block) => session.decrypt(block)));
  const profile = createBlockOpener(readReplaceSessionKeys(keys));
  const upp = concat(...bpp.sequenceOf86.map((block) => profile.decrypt(block)));
  return { metadata, upp, transactionId, smdpOtpk };
}
