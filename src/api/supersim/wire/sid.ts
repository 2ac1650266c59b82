// SIDs are our ids under the vendor's prefixes: the same 32 hex digits, so nothing is stored and nothing is looked up.
import { type Id, type IdKind, idPrefixes, isId } from '../../../base/ids.ts';

/** What has a SID, its prefix, and whose id it stands for. */
const kinds = {
  account: ['AC', 'account'],
  apiKey: ['SK', 'apiKey'],
  client: ['OQ', 'apiKey'],
  esimProfile: ['HP', 'esim'],
  sim: ['HS', 'sim'],
  fleet: ['HF', 'fleet'],
  network: ['HW', 'network'],
  networkAccessProfile: ['HA', 'networkAccessProfile'],
  billingPeriod: ['HB', 'billingPeriod'],
  smsCommand: ['HC', 'command'],
  ipCommand: ['HG', 'command'],
  settingsUpdate: ['OB', 'sim'],
} as const satisfies Record<string, readonly [string, IdKind]>;

export type SidKind = keyof typeof kinds;
type IdOf<K extends SidKind> = Id<(typeof kinds)[K][1]>;

/** `esimProfile`, `esm_0193…` → `HP0193…`. */
export function writeSid(kind: SidKind, id: string): string {
  return kinds[kind][0] + id.slice(id.indexOf('_') + 1);
}

/** `esimProfile`, `HP0193…` → `esm_0193…`; undefined for what is no SID of this kind. Hex digits may be of either case. */
export function readSid<K extends SidKind>(kind: K, sid: string): IdOf<K> | undefined {
  const [prefix, idKind] = kinds[kind];
  if (!sid.startsWith(prefix)) return undefined;
  const id = `${idPrefixes[idKind]}_${sid.slice(2).toLowerCase()}`;
  return isId(idKind, id) ? (id as IdOf<K>) : undefined;
}
