// Writes one element with the shortest tag and length: one allocation, one copy of each content.
import { lengthSize } from './tlv.ts';

/** The element `tag` around its contents, laid end to end. */
export function tlv(tag: number, ...contents: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const content of contents) length += content.length;
  const tagBytes = tag > 0xffffff ? 4 : tag > 0xffff ? 3 : tag > 0xff ? 2 : 1;
  const lengthBytes = lengthSize(length);
  const out = Buffer.allocUnsafe(tagBytes + lengthBytes + length);
  out.writeUIntBE(tag, 0, tagBytes);
  if (lengthBytes === 1) out[tagBytes] = length;
  else {
    out[tagBytes] = 0x80 + lengthBytes - 1;
    out.writeUIntBE(length, tagBytes + 1, lengthBytes - 1);
  }
  let at = tagBytes + lengthBytes;
  for (const content of contents) {
    out.set(content, at);
    at += content.length;
  }
  return out;
}

/** A SEQUENCE (tag 30). */
export function sequence(...contents: Uint8Array[]): Uint8Array {
  return tlv(0x30, ...contents);
}
