// OCTET STRING (X.690 §8.7) with its size checked.
import { malformed, type Tlv, tagName } from './tlv.ts';
import { tlv } from './write_tlv.ts';

/** The bytes, which must be `min` to `max` many (`max` = `min` if left out). Throws `malformed_der`. */
export function readOctets(field: Pick<Tlv, 'tag' | 'value'>, min: number, max: number = min): Uint8Array {
  const { length } = field.value;
  if (length < min || length > max)
    throw malformed(
      `element ${tagName(field.tag)} has ${length} bytes, not ${min === max ? min : `${min} to ${max}`}`,
    );
  return field.value;
}

export function octets(bytes: Uint8Array, tag = 0x04): Uint8Array {
  return tlv(tag, bytes);
}
