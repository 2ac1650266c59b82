// The error alternative that AuthenticateServerResponse and PrepareDownloadResponse share: { [0] transactionId, INTEGER }.
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets } from '../../der/octets.ts';
import type { Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readTransactionId } from './transaction_id.ts';

export type ResponseError = { transactionId: Uint8Array; errorCode: number };

/** Throws `malformed_der`. */
export function readResponseError(field: Tlv): ResponseError {
  const cursor = fields(field);
  const error = {
    transactionId: readTransactionId(cursor.take(0x80)),
    errorCode: readInteger(cursor.take(0x02)),
  };
  cursor.rest();
  return error;
}

export function writeResponseError({ transactionId, errorCode }: ResponseError): Uint8Array {
  return tlv(0xa1, octets(transactionId, 0x80), integer(errorCode));
}
