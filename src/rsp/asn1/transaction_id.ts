// TransactionId ::= OCTET STRING (SIZE(1..16)) (SGP.22 Annex H), always in binary here; hex belongs to JSON.

import { AppError } from '../../base/app_error.ts';
import { fromHex, toHex } from '../../base/bytes.ts';
import { readOctets } from '../../der/octets.ts';
import type { Tlv } from '../../der/tlv.ts';

/** Throws `malformed_der`. */
export function readTransactionId(field: Tlv): Uint8Array {
  return readOctets(field, 1, 16);
}

/** The bytes of the hex that JSON messages carry, any case (SGP.22 §6.5.2). Throws `invalid_request`. */
export function transactionIdFromHex(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes.length < 1 || bytes.length > 16)
    throw new AppError('invalid_request', 'a transactionId has 1 to 16 bytes');
  return bytes;
}

/** Upper-case hex, as JSON messages carry it. */
export function transactionIdToHex(transactionId: Uint8Array): string {
  return toHex(transactionId);
}
