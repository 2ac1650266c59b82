// VersionType ::= OCTET STRING (SIZE(3)): major, minor, revision, one byte each (SGP.22 Annex H); `2.3.0` outside.
import { AppError } from '../../base/app_error.ts';
import { readOctets } from '../../der/octets.ts';
import type { Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

/** Throws `malformed_der`. */
export function readVersion(field: Tlv): string {
  return readOctets(field, 3).join('.');
}

/** Throws `invalid_request` unless `version` is three numbers below 256. */
export function writeVersion(version: string, tag = 0x04): Uint8Array {
  const numbers = version.split('.').map(Number);
  if (numbers.length !== 3 || !numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 256))
    throw new AppError('invalid_request', 'not a version like 2.3.0');
  return tlv(tag, Uint8Array.from(numbers));
}
