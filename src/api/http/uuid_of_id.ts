// Our ids written as UUIDs for vendors that have those: the same 32 hex digits, so nothing is stored and nothing is looked up.
import { type Id, type IdKind, idPrefixes, isId } from '../../base/ids.ts';

/** `ord_0193c1…` → `0193c1…-…-…-…-…`. */
export function writeUuid(id: string): string {
  return id.slice(id.indexOf('_') + 1).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `0193c1…-…-…-…-…` → `ord_0193c1…`; undefined for what is no UUID. Hex digits may be of either case. */
export function readUuid<K extends IdKind>(kind: K, text: string): Id<K> | undefined {
  const digits = uuid.exec(text)?.slice(1).join('').toLowerCase();
  const id = `${idPrefixes[kind]}_${digits}`;
  return isId(kind, id) ? id : undefined;
}

const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
