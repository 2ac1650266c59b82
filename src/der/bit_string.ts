// BIT STRING (X.690 §8.6), whole bytes (keys, signatures) or named bits (flags).
import { malformed, type Tlv } from './tlv.ts';
import { tlv } from './write_tlv.ts';

type Value = Pick<Tlv, 'value'>;

const namedBytesMax = 16;

/** The bytes of a BIT STRING that uses all its bits. Throws `malformed_der`. */
export function readBitStringBytes({ value }: Value): Uint8Array {
  if (value[0] !== 0) throw malformed('BIT STRING that is not whole bytes');
  return value.subarray(1);
}

/**
 * The numbers of the bits that are set, bit 0 first. Trailing zero bits are tolerated: cards send them.
 * Throws `malformed_der`.
 */
export function readNamedBits({ value }: Value): number[] {
  const unused = value[0];
  if (
    unused === undefined ||
    unused > 7 ||
    (value.length === 1 && unused > 0) ||
    value.length > namedBytesMax
  )
    throw malformed('BIT STRING of a wrong form');
  const bits: number[] = [];
  for (let bit = 0; bit < (value.length - 1) * 8 - unused; bit++)
    if (((value[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
  return bits;
}

/** A BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array, tag = 0x03): Uint8Array {
  return tlv(tag, Uint8Array.of(0), bytes);
}

/** A BIT STRING with these bits set and no trailing zeros (X.690 §11.2.2). Bits are 0 to 119. */
export function namedBits(bits: readonly number[], tag = 0x03): Uint8Array {
  const last = Math.max(-1, ...bits);
  const bytes = new Uint8Array(1 + Math.ceil((last + 1) / 8));
  bytes[0] = last < 0 ? 0 : 7 - (last & 7);
  for (const bit of bits) bytes[1 + (bit >> 3)] = (bytes[1 + (bit >> 3)] ?? 0) | (0x80 >> (bit & 7));
  return tlv(tag, bytes);
}
