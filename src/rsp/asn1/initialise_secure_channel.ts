// InitialiseSecureChannelRequest: opens a bound profile package; tells the eUICC how to derive the session keys.
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readSignature, writeSignature } from './signature.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.5.1, BF23:
 *   remoteOpId [2] INTEGER (1 = installBoundProfilePackage), transactionId [0] OCTET STRING (1..16)
 *   controlRefTemplate [6] { keyType [0] OCTET STRING (1), keyLen [1] OCTET STRING (1), hostId [4] OCTET STRING (1..16) }
 *   smdpOtpk [APPLICATION 73] OCTET STRING (65), smdpSign [APPLICATION 55] OCTET STRING
 */
export type InitialiseSecureChannelRequest = {
  raw: Uint8Array;
  remoteOpId: number;
  transactionId: Uint8Array;
  controlRefTemplate: ControlRefTemplate;
  smdpOtpk: Uint8Array;
  smdpSign: Uint8Array;
  /** What smdpSign covers as it stands here; the eUICC's own 5F49 element comes after it. */
  signedFields: Uint8Array;
};

export type ControlRefTemplate = { keyType: number; keyLen: number; hostId: Uint8Array };

export const initialiseSecureChannelTag = 0xbf23;
export const installBoundProfilePackage = 1;

/** Throws `malformed_der`. */
export function readInitialiseSecureChannel(source: Uint8Array | Tlv): InitialiseSecureChannelRequest {
  const whole = readTagged(source, initialiseSecureChannelTag);
  const cursor = fields(whole);
  const remoteOpId = readInteger(cursor.take(0x82));
  const transactionId = readTransactionId(cursor.take(0x80));
  const controlRefTemplate = readControlRefTemplate(cursor.take(0xa6));
  const smdpOtpk = readOctets(cursor.take(0x5f49), 65);
  const signature = cursor.next();
  const smdpSign = readSignature(signature);
  cursor.end();
  const signedFields = whole.value.subarray(0, whole.value.length - signature.raw.length);
  return { raw: whole.raw, remoteOpId, transactionId, controlRefTemplate, smdpOtpk, smdpSign, signedFields };
}

/** The elements that smdpSign covers, back to back, without the eUICC's 5F49. */
export function writeSignedFields(
  request: Pick<
    InitialiseSecureChannelRequest,
    'remoteOpId' | 'transactionId' | 'controlRefTemplate' | 'smdpOtpk'
  >,
): Uint8Array {
  const { keyType, keyLen, hostId } = request.controlRefTemplate;
  return Buffer.concat([
    integer(request.remoteOpId, 0x82),
    octets(request.transactionId, 0x80),
    tlv(0xa6, tlv(0x80, Uint8Array.of(keyType)), tlv(0x81, Uint8Array.of(keyLen)), octets(hostId, 0x84)),
    octets(request.smdpOtpk, 0x5f49),
  ]);
}

export function writeInitialiseSecureChannel(signedFields: Uint8Array, smdpSign: Uint8Array): Uint8Array {
  return tlv(initialiseSecureChannelTag, signedFields, writeSignature(smdpSign));
}

function readControlRefTemplate(field: Tlv): ControlRefTemplate {
  const cursor = fields(field);
  const keyType = readOctets(cursor.take(0x80), 1)[0] ?? 0;
  const keyLen = readOctets(cursor.take(0x81), 1)[0] ?? 0;
  const hostId = readOctets(cursor.take(0x84), 1, 16);
  cursor.end();
  return { keyType, keyLen, hostId };
}
