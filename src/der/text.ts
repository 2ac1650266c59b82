// UTF8String and the other strings that are subsets of UTF-8 (X.690 §8.23).
import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../base/bytes.ts';
import { malformed, type Tlv, tagName } from './tlv.ts';
import { tlv } from './write_tlv.ts';

/** The text, of at most `bytesMax` bytes. Throws `malformed_der` when it is longer or no UTF-8. */
export function readUtf8(field: Pick<Tlv, 'tag' | 'value'>, bytesMax = 1024): string {
  const { value } = field;
  if (value.length > bytesMax)
    throw malformed(`element ${tagName(field.tag)} is longer than ${bytesMax} bytes`);
  if (!isUtf8(value)) throw malformed(`element ${tagName(field.tag)} is not UTF-8`);
  return asBuffer(value).toString('utf8');
}

export function utf8(text: string, tag = 0x0c): Uint8Array {
  return tlv(tag, Buffer.from(text, 'utf8'));
}
