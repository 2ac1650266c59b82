// CancelSessionRequest: the LPA tells the eUICC that a download will not go on (ES10b.CancelSession).
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.7.14, BF41:
 *   transactionId [0] OCTET STRING (1..16), reason [1] INTEGER, more may follow
 */
export type CancelSessionRequest = { transactionId: Uint8Array; reason: number };

export const cancelSessionTag = 0xbf41;

/** Throws `malformed_der`. */
export function readCancelSessionRequest(source: Uint8Array | Tlv): CancelSessionRequest {
  const cursor = fields(readTagged(source, cancelSessionTag));
  const request = {
    transactionId: readTransactionId(cursor.take(0x80)),
    reason: readInteger(cursor.take(0x81)),
  };
  cursor.rest();
  return request;
}

export function writeCancelSessionRequest({ transactionId, reason }: CancelSessionRequest): Uint8Array {
  return tlv(cancelSessionTag, octets(transactionId, 0x80), integer(reason, 0x81));
}
