// One tag-length-value element of DER (or definite-length BER), as views on the bytes it was read from.
import { AppError } from '../base/app_error.ts';

/**
 * `tag` holds the tag bytes as a number (0x30, 0x5F37, 0xBF38); `value` and `raw` are views, never copies:
 * `raw` is the whole element, exactly as it came.
 */
export type Tlv = { readonly tag: number; readonly value: Uint8Array; readonly raw: Uint8Array };

/** `der` refuses a length or tag that is not written in the shortest way; `ber` takes it. Neither takes indefinite lengths. */
export type Encoding = 'der' | 'ber';

/** The one element that `bytes` hold. Throws `malformed_der`, also when something follows it (X.690 §8.1, §10.1). */
export function readTlv(bytes: Uint8Array, encoding: Encoding = 'der'): Tlv {
  const tlv = readTlvAt(bytes, 0, encoding);
  if (tlv.raw.length !== bytes.length)
    throw malformed(`${bytes.length - tlv.raw.length} bytes after the element`);
  return tlv;
}

/** The one element that `source` is or holds, which must have this tag. Throws `malformed_der`. */
export function readTagged(source: Uint8Array | Tlv, tag: number): Tlv {
  const tlv = source instanceof Uint8Array ? readTlv(source) : source;
  if (tlv.tag !== tag) throw malformed(`expected element ${tagName(tag)}, found ${tagName(tlv.tag)}`);
  return tlv;
}

/** The elements that `bytes` hold, back to back, down to the last byte. Throws `malformed_der`. */
export function readTlvs(bytes: Uint8Array, encoding: Encoding = 'der'): Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tlv = readTlvAt(bytes, at, encoding);
    tlvs.push(tlv);
    at += tlv.raw.length;
  }
  return tlvs;
}

/** The element that starts at byte `at`; what follows it is left alone. Throws `malformed_der`. */
export function readTlvAt(bytes: Uint8Array, at: number, encoding: Encoding = 'der'): Tlv {
  const { tag, length, valueAt } = readTlvHead(bytes, at, encoding);
  if (length > bytes.length - valueAt)
    throw malformed(
      `element ${tagName(tag)} of ${length} bytes, of which ${bytes.length - valueAt} are there`,
    );
  const end = valueAt + length;
  return { tag, value: bytes.subarray(valueAt, end), raw: bytes.subarray(at, end) };
}

/** Where an element's value starts and how long it says it is; the value itself need not be there. */
export type TlvHead = { tag: number; length: number; valueAt: number };

/** Tag and length of the element that starts at byte `at`. Throws `malformed_der`. */
export function readTlvHead(bytes: Uint8Array, at: number, encoding: Encoding = 'der'): TlvHead {
  let tag = byteAt(bytes, at);
  let next = at + 1;
  if ((tag & 0x1f) === 0x1f) {
    let byte = byteAt(bytes, next++);
    if (byte === 0x80 || (encoding === 'der' && byte < 0x1f)) throw malformed('tag not in its shortest form');
    tag = tag * 256 + byte;
    while (byte >= 0x80) {
      if (next - at === 4) throw malformed('tag longer than 4 bytes');
      byte = byteAt(bytes, next++);
      tag = tag * 256 + byte;
    }
  }
  const first = byteAt(bytes, next++);
  if (first < 0x80) return { tag, length: first, valueAt: next };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw malformed(count === 0 ? 'indefinite length' : 'length over 4 bytes');
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + byteAt(bytes, next++);
  if (encoding === 'der' && lengthSize(length) !== count + 1)
    throw malformed('length not in its shortest form');
  return { tag, length, valueAt: next };
}

/** How many bytes DER takes to write this length. */
export function lengthSize(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x10000) return 3;
  return length < 0x1000000 ? 4 : 5;
}

/** A tag as people write it: `5F37`. */
export function tagName(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(2, '0');
}

/** The error of everything in this room. */
export function malformed(detail: string, more: { cause?: unknown } = {}): AppError {
  return new AppError('malformed_der', detail, more);
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined)
    throw malformed(`the data ends at byte ${bytes.length}, in the middle of an element`);
  return byte;
}
