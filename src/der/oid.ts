// OBJECT IDENTIFIER (X.690 §8.19) as dotted text: `2.23.146.1.2.1.4`.
import { AppError } from '../base/app_error.ts';
import { malformed, type Tlv } from './tlv.ts';
import { tlv } from './write_tlv.ts';

const bytesMax = 64;

/** The identifier in dotted form; arcs up to 2^53 - 1. Throws `malformed_der`. */
export function readOid({ value }: Pick<Tlv, 'value'>): string {
  if (value.length === 0 || value.length > bytesMax) throw malformed('OBJECT IDENTIFIER of a wrong size');
  let text = '';
  let arc = 0;
  let inside = false;
  for (const byte of value) {
    if (!inside && byte === 0x80) throw malformed('OBJECT IDENTIFIER arc not in its shortest form');
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw malformed('OBJECT IDENTIFIER arc out of range');
    inside = byte >= 0x80;
    if (inside) continue;
    text += text === '' ? firstTwo(arc) : `.${arc}`;
    arc = 0;
  }
  if (inside) throw malformed('OBJECT IDENTIFIER ends in the middle of an arc');
  return text;
}

/** An OBJECT IDENTIFIER under `tag` (default 06). Throws `invalid_request` when `text` is none. */
export function oid(text: string, tag = 0x06): Uint8Array {
  if (!isOid(text)) throw new AppError('invalid_request', 'not an object identifier like 2.999.10');
  const [root = 0, second = 0, ...more] = text.split('.').map(Number);
  return tlv(tag, Uint8Array.from([root * 40 + second, ...more].flatMap(base128)));
}

/** True for dotted text that names an object identifier. */
export function isOid(text: string): boolean {
  return text.length <= 200 && /^([01]\.[1-3]?\d|2\.(0|[1-9]\d{0,14}))(\.(0|[1-9]\d{0,14}))*$/.test(text);
}

function firstTwo(arc: number): string {
  const root = Math.min(Math.floor(arc / 40), 2);
  return `${root}.${arc - root * 40}`;
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) + 128);
  return bytes;
}
