// BOOLEAN (X.690 §8.2): any byte but 00 is true on the way in, FF on the way out.
import { malformed, type Tlv } from './tlv.ts';
import { tlv } from './write_tlv.ts';

/** Throws `malformed_der` unless the value is one byte. */
export function readBoolean({ value }: Pick<Tlv, 'value'>): boolean {
  if (value.length !== 1) throw malformed('BOOLEAN of a wrong size');
  return value[0] !== 0;
}

export function boolean(value: boolean, tag = 0x01): Uint8Array {
  return tlv(tag, Uint8Array.of(value ? 0xff : 0));
}
