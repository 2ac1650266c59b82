// Order references are our order ids written as UUIDs: the same 32 hex digits, so nothing is stored and nothing is looked up.
import { type Id, idPrefixes, isId } from '../../../base/ids.ts';

/** `ord_0193c1…` → `0193c1…-…-…-…-…`. */
export function referenceOf(orderId: string): string {
  return orderId
    .slice(orderId.indexOf('_') + 1)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `0193c1…-…-…-…-…` → `ord_0193c1…`; undefined for what is no UUID. Hex digits may be of either case. */
export function readReference(text: string): Id<'order'> | undefined {
  const digits = uuid.exec(text)?.slice(1).join('').toLowerCase();
  const id = `${idPrefixes.order}_${digits}`;
  return isId('order', id) ? id : undefined;
}

const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
