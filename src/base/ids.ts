// Every identifier we hand out is made here: a typed prefix and a UUIDv7 in hex, so that ids sort by time.
import { randomFillSync } from 'node:crypto';

export const idPrefixes = {
  account: 'acc',
  apiKey: 'key',
  batch: 'bat',
  bundle: 'bun',
  esim: 'esm',
  event: 'evt',
  order: 'ord',
  product: 'prd',
  profileType: 'pty',
  request: 'req',
  transfer: 'trf',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** A new id of this kind, for example `ord_0193c1…` (4 + 32 characters). */
export function newId<K extends IdKind>(kind: K, nowMs: number = Date.now()): Id<K> {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const variant = ((Number.parseInt(random[3] ?? '0', 16) & 3) | 8).toString(16);
  return `${idPrefixes[kind]}_${nowMs.toString(16).padStart(12, '0')}7${random.slice(0, 3)}${variant}${random.slice(4, 19)}` as Id<K>;
}

/** True when `text` has the form of an id of this kind. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return (
    text.length === 36 && text.startsWith(`${idPrefixes[kind]}_`) && /^[0-9a-f]{32}$/.test(text.slice(4))
  );
}
