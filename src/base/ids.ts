// Every identifier we hand out is made here: a typed prefix and a UUIDv7 in hex, so that ids sort by time.
import { randomFillSync, randomInt } from 'node:crypto';

export const idPrefixes = {
  account: 'acc',
  apiKey: 'key',
  batch: 'bat',
  billingPeriod: 'bpd',
  branding: 'brd',
  bundle: 'bun',
  bundleLot: 'lot',
  command: 'cmd',
  customer: 'cus',
  delivery: 'dlv',
  esim: 'esm',
  event: 'evt',
  fleet: 'flt',
  functionRequester: 'fnr',
  import: 'imp',
  network: 'net',
  networkAccessProfile: 'nap',
  order: 'ord',
  paymentMethod: 'pmt',
  priceList: 'prl',
  product: 'prd',
  profileType: 'pty',
  remoteProfile: 'rpr',
  remoteSmdp: 'rsd',
  request: 'req',
  sim: 'sim',
  transfer: 'trf',
  webhook: 'whk',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

/**
 * A new id of this kind, for example `ord_0193c1…` (4 + 32 characters). Ids that one process makes for the same
 * millisecond sort in the order in which they were made (RFC 9562 §6.2, method 1 with a counter of 24 bits).
 */
export function newId<K extends IdKind>(kind: K, nowMs: number = Date.now()): Id<K> {
  const count = nextCount(nowMs).toString(16).padStart(6, '0');
  const time = nowMs.toString(16).padStart(12, '0');
  return `${idPrefixes[kind]}_${time}7${count.slice(0, 3)}8${count.slice(3)}${randomHex()}` as Id<K>;
}

let lastMs = 0;
let lastCount = 0;

function nextCount(nowMs: number): number {
  lastCount = nowMs === lastMs ? lastCount + 1 : randomInt(countStartMax);
  lastMs = nowMs;
  return lastCount & 0xffffff;
}

// Leaves room for fifteen million ids of the same millisecond.
const countStartMax = 2 ** 20;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** 12 random hex digits, from a pool: one call for randomness each 682 ids. */
function randomHex(): string {
  if (used + 6 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 6;
  return pool.toString('hex', used - 6, used);
}

/** True when `text` has the form of an id of this kind. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return (
    text.length === 36 && text.startsWith(`${idPrefixes[kind]}_`) && /^[0-9a-f]{32}$/.test(text.slice(4))
  );
}
