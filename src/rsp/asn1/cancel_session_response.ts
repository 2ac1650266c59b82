// CancelSessionResponse: the eUICC's signed word that a download was cancelled.
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets } from '../../der/octets.ts';
import { oid, readOid } from '../../der/oid.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import { cancelSessionTag } from './cancel_session_request.ts';
import { readSignature, writeSignature } from './signature.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.7.14, BF41, CHOICE:
 *   cancelSessionResponseOk [0] {
 *     euiccCancelSessionSigned SEQUENCE { transactionId [0], smdpOid [1] OBJECT IDENTIFIER, reason [2] INTEGER }
 *     euiccCancelSessionSignature [APPLICATION 55] OCTET STRING, more may follow }
 *   cancelSessionResponseError [1] INTEGER {invalidTransactionId(5), undefinedError(127)}
 */
export type CancelSessionResponse =
  | { cancelSessionResponseOk: CancelSessionResponseOk }
  | { cancelSessionResponseError: number };

export type CancelSessionResponseOk = {
  euiccCancelSessionSigned: EuiccCancelSessionSigned;
  euiccCancelSessionSignature: Uint8Array;
};

export type EuiccCancelSessionSigned = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  smdpOid: string;
  reason: number;
};

/** Throws `malformed_der`. */
export function readCancelSessionResponse(source: Uint8Array | Tlv): CancelSessionResponse {
  const outer = fields(readTagged(source, cancelSessionTag));
  const error = outer.optional(0x81);
  const choice = error ?? outer.take(0xa0);
  outer.end();
  if (error) return { cancelSessionResponseError: readInteger(error) };
  const cursor = fields(choice);
  const euiccCancelSessionSigned = readSigned(cursor.take(0x30));
  const euiccCancelSessionSignature = readSignature(cursor.next());
  cursor.rest();
  return { cancelSessionResponseOk: { euiccCancelSessionSigned, euiccCancelSessionSignature } };
}

/** The element that the eUICC signs. */
export function writeEuiccCancelSessionSigned(signed: Omit<EuiccCancelSessionSigned, 'raw'>): Uint8Array {
  return sequence(
    octets(signed.transactionId, 0x80),
    oid(signed.smdpOid, 0x81),
    integer(signed.reason, 0x82),
  );
}

/** `euiccCancelSessionSigned` is a whole element. */
export function writeCancelSessionResponse(
  response:
    | {
        cancelSessionResponseOk: {
          euiccCancelSessionSigned: Uint8Array;
          euiccCancelSessionSignature: Uint8Array;
        };
      }
    | { cancelSessionResponseError: number },
): Uint8Array {
  if ('cancelSessionResponseError' in response)
    return tlv(cancelSessionTag, integer(response.cancelSessionResponseError, 0x81));
  const { euiccCancelSessionSigned, euiccCancelSessionSignature } = response.cancelSessionResponseOk;
  const signature = writeSignature(euiccCancelSessionSignature);
  return tlv(cancelSessionTag, tlv(0xa0, euiccCancelSessionSigned, signature));
}

function readSigned(field: Tlv): EuiccCancelSessionSigned {
  const cursor = fields(field);
  const transactionId = readTransactionId(cursor.take(0x80));
  const smdpOid = readOid(cursor.take(0x81));
  const reason = readInteger(cursor.take(0x82));
  cursor.rest();
  return { raw: field.raw, transactionId, smdpOid, reason };
}
