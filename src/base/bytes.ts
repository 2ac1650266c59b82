// Conversions between bytes and their text forms, strict on the way in.
import { AppError } from './app_error.ts';

/** Upper-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex').toUpperCase();
}

/** Bytes of a hex string of even length, any case. Throws `invalid_request`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text))
    throw new AppError('invalid_request', 'not a hex string');
  return Buffer.from(text, 'hex');
}

export function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}

/** Bytes of standard base64; white space and missing padding are tolerated. Throws `invalid_request`. */
export function fromBase64(text: string): Uint8Array {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  const body = compact.replace(/={0,2}$/, '');
  if (body.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(body))
    throw new AppError('invalid_request', 'not a base64 string');
  return Buffer.from(compact, 'base64');
}

/** True when both hold the same bytes. Not for secrets: it stops at the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && asBuffer(a).equals(b);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
