// OperatorID: who owns a profile, as a network code and two optional group identifiers.
import { AppError } from '../../base/app_error.ts';
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import type { Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

/**
 * SGP.22 Annex H:
 *   mccMnc [0] OCTET STRING (3) as in 3GPP TS 24.008, gid1 [1] and gid2 [2] OCTET STRING OPTIONAL
 */
export type OperatorId = {
  mccMnc: Uint8Array;
  gid1?: Uint8Array | undefined;
  gid2?: Uint8Array | undefined;
};

/** Throws `malformed_der`. */
export function readOperatorId(field: Tlv): OperatorId {
  const cursor = fields(field);
  const mccMnc = readOctets(cursor.take(0x80), 3);
  const gid1 = cursor.optional(0x81);
  const gid2 = cursor.optional(0x82);
  cursor.rest();
  return { mccMnc, gid1: gid1 && readOctets(gid1, 0, 64), gid2: gid2 && readOctets(gid2, 0, 64) };
}

export function writeOperatorId({ mccMnc, gid1, gid2 }: OperatorId, tag: number): Uint8Array {
  return tlv(
    tag,
    octets(mccMnc, 0x80),
    ...(gid1 ? [octets(gid1, 0x81)] : []),
    ...(gid2 ? [octets(gid2, 0x82)] : []),
  );
}

/** `99970` → 99 F9 07 (3GPP TS 24.008 §10.5.1.13). Throws `invalid_request` unless `digits` are 5 or 6. */
export function mccMncBytes(digits: string): Uint8Array {
  if (!/^\d{5,6}$/.test(digits)) throw new AppError('invalid_request', 'MCC and MNC are 5 or 6 digits');
  const d = digits.padEnd(6, 'F');
  return Buffer.from([1, 0, 5, 2, 4, 3].map((at) => d[at]).join(''), 'hex');
}

/** The inverse of `mccMncBytes`; a nibble that is no digit (a wild card) stays a hex letter. */
export function mccMncDigits(bytes: Uint8Array): string {
  const h = Buffer.from(bytes).toString('hex').toUpperCase();
  const digits = [1, 0, 3, 5, 4, 2].map((at) => h[at]).join('');
  return digits.endsWith('F') ? digits.slice(0, 5) : digits;
}
