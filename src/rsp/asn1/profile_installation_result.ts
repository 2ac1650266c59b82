// ProfileInstallationResult: what became of a bound profile package, signed by the eUICC.
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { oid, readOid } from '../../der/oid.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { type NotificationMetadata, readNotificationMetadata } from './notification_metadata.ts';
import { readSignature, writeSignature } from './signature.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §2.5.6, BF37:
 *   profileInstallationResultData [39] {
 *     transactionId [0], notificationMetadata [47], smdpOid OBJECT IDENTIFIER OPTIONAL
 *     finalResult [2] CHOICE {
 *       successResult [0] { aid [APPLICATION 15] OCTET STRING (5..16), simaResponse OCTET STRING }
 *       errorResult [1] { bppCommandId [0], errorReason [1] INTEGER, simaResponse [2] OCTET STRING OPTIONAL } }
 *     more may follow }
 *   euiccSignPIR [APPLICATION 55] OCTET STRING
 */
export type ProfileInstallationResult = {
  raw: Uint8Array;
  profileInstallationResultData: ProfileInstallationResultData;
  euiccSignPIR: Uint8Array;
};

/** `raw` is what euiccSignPIR covers. */
export type ProfileInstallationResultData = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  notificationMetadata: NotificationMetadata;
  smdpOid?: string | undefined;
  finalResult: FinalResult;
};

export type FinalResult =
  | { successResult: { aid: Uint8Array; simaResponse: Uint8Array } }
  | { errorResult: { bppCommandId: number; errorReason: number; simaResponse?: Uint8Array | undefined } };

export const profileInstallationResultTag = 0xbf37;
const resultDataTag = 0xbf27;

/** Throws `malformed_der`. */
export function readProfileInstallationResult(source: Uint8Array | Tlv): ProfileInstallationResult {
  const whole = readTagged(source, profileInstallationResultTag);
  const cursor = fields(whole);
  const profileInstallationResultData = readResultData(cursor.take(resultDataTag));
  const euiccSignPIR = readSignature(cursor.next());
  cursor.rest();
  return { raw: whole.raw, profileInstallationResultData, euiccSignPIR };
}

/** The element that the eUICC signs; `notificationMetadata` is a whole element. */
export function writeProfileInstallationResultData(data: {
  transactionId: Uint8Array;
  notificationMetadata: Uint8Array;
  smdpOid?: string | undefined;
  finalResult: FinalResult;
}): Uint8Array {
  return tlv(
    resultDataTag,
    octets(data.transactionId, 0x80),
    data.notificationMetadata,
    ...(data.smdpOid === undefined ? [] : [oid(data.smdpOid)]),
    tlv(0xa2, writeFinalResult(data.finalResult)),
  );
}

/** `resultData` is the whole element that was signed. */
export function writeProfileInstallationResult(resultData: Uint8Array, euiccSignPIR: Uint8Array): Uint8Array {
  return tlv(profileInstallationResultTag, resultData, writeSignature(euiccSignPIR));
}

function readResultData(field: Tlv): ProfileInstallationResultData {
  const cursor = fields(field);
  const transactionId = readTransactionId(cursor.take(0x80));
  const notificationMetadata = readNotificationMetadata(cursor.next());
  const smdpOid = cursor.optional(0x06);
  const finalResult = readFinalResult(cursor.take(0xa2));
  cursor.rest();
  return {
    raw: field.raw,
    transactionId,
    notificationMetadata,
    smdpOid: smdpOid && readOid(smdpOid),
    finalResult,
  };
}

function readFinalResult(field: Tlv): FinalResult {
  const outer = fields(field);
  const error = outer.optional(0xa1);
  const cursor = fields(error ?? outer.take(0xa0));
  outer.end();
  const result = error
    ? { errorResult: readErrorResult(cursor) }
    : { successResult: readSuccessResult(cursor) };
  cursor.rest();
  return result;
}

function readSuccessResult(cursor: ReturnType<typeof fields>) {
  return { aid: readOctets(cursor.take(0x4f), 5, 16), simaResponse: cursor.take(0x04).value };
}

function readErrorResult(cursor: ReturnType<typeof fields>) {
  return {
    bppCommandId: readInteger(cursor.take(0x80)),
    errorReason: readInteger(cursor.take(0x81)),
    simaResponse: cursor.optional(0x82)?.value,
  };
}

function writeFinalResult(result: FinalResult): Uint8Array {
  if ('successResult' in result)
    return tlv(0xa0, octets(result.successResult.aid, 0x4f), octets(result.successResult.simaResponse));
  const { bppCommandId, errorReason, simaResponse } = result.errorResult;
  const response = simaResponse ? [octets(simaResponse, 0x82)] : [];
  return tlv(0xa1, integer(bppCommandId, 0x80), integer(errorReason, 0x81), ...response);
}
