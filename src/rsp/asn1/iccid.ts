// Iccid ::= [APPLICATION 26] OCTET STRING (SIZE(10)), coded as in EF_ICCID: swapped nibbles, F-padded (SGP.22 Annex H).
import { fromSwappedBcd, toSwappedBcd } from '../../base/digits.ts';
import { readOctets } from '../../der/octets.ts';
import { malformed, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

export const iccidTag = 0x5a;

/** The digits, padding dropped. Throws `malformed_der`. */
export function readIccid(field: Tlv): string {
  const digits = digitsOf(readOctets(field, 10));
  if (digits.length < 18) throw malformed('an ICCID of fewer than 18 digits');
  return digits;
}

/** 5A 0A and the digits. Throws `invalid_request` for more than 20 digits. */
export function writeIccid(iccid: string): Uint8Array {
  return tlv(iccidTag, toSwappedBcd(iccid, 10));
}

function digitsOf(bytes: Uint8Array): string {
  try {
    return fromSwappedBcd(bytes);
  } catch (cause) {
    throw malformed('an ICCID with something other than digits', { cause });
  }
}
