// INTEGER (X.690 §8.3), signed and strict, or unsigned and lenient for counters that cards write without padding.
import { malformed, type Tlv } from './tlv.ts';
import { tlv } from './write_tlv.ts';

type Value = Pick<Tlv, 'value'>;

/** A signed integer within the safe range of a number, in its shortest form. Throws `malformed_der`. */
export function readInteger(field: Value): number {
  const value = readBigInteger(field);
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
    throw malformed('INTEGER out of range');
  return Number(value);
}

/** A signed integer of any size up to 128 bytes, in its shortest form. Throws `malformed_der`. */
export function readBigInteger({ value }: Value): bigint {
  const [first, second] = value;
  if (first === undefined) throw malformed('INTEGER without content');
  if (value.length > 128) throw malformed('INTEGER longer than 128 bytes');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw malformed('INTEGER not in its shortest form');
  const unsigned = BigInt(`0x${Buffer.from(value).toString('hex')}`);
  return first < 0x80 ? unsigned : unsigned - (1n << BigInt(8 * value.length));
}

/**
 * The bytes taken as an unsigned number, with or without leading zeros: cards in the field write counters
 * without the padding that DER wants. Throws `malformed_der` beyond 2^53 - 1.
 */
export function readUnsigned({ value }: Value): number {
  if (value.length === 0 || value.length > 8) throw malformed('INTEGER of a wrong size');
  let number = 0;
  for (const byte of value) number = number * 256 + byte;
  if (number > Number.MAX_SAFE_INTEGER) throw malformed('INTEGER out of range');
  return number;
}

/** An INTEGER in its shortest form, under `tag` (default 02). */
export function integer(value: number | bigint, tag = 0x02): Uint8Array {
  return tlv(tag, integerBytes(BigInt(value)));
}

function integerBytes(value: bigint): Uint8Array {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  return Buffer.from(
    BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  );
}
