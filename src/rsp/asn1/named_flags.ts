// BIT STRINGs whose bits have names in SGP.22 Annex H: the names, in the order of their bits.
import { namedBits, readNamedBits } from '../../der/bit_string.ts';
import type { Tlv } from '../../der/tlv.ts';

export const notificationEvents = ['install', 'enable', 'disable', 'delete'] as const;
export const pprIds = ['pprUpdateControl', 'ppr1', 'ppr2', 'ppr3'] as const;
export const rspCapabilities = [
  'additionalProfile',
  'crlSupport',
  'rpmSupport',
  'testProfileSupport',
] as const;

export type NotificationEvent = (typeof notificationEvents)[number];
export type PprId = (typeof pprIds)[number];
export type RspCapability = (typeof rspCapabilities)[number];

/** The names of the bits that are set; bits without a name are left out. Throws `malformed_der`. */
export function readFlags<Flag extends string>(field: Tlv, names: readonly Flag[]): Flag[] {
  return readNamedBits(field).flatMap((bit) => names[bit] ?? []);
}

export function writeFlags<Flag extends string>(
  flags: readonly Flag[],
  names: readonly Flag[],
  tag: number,
): Uint8Array {
  return namedBits(
    flags.map((flag) => names.indexOf(flag)),
    tag,
  );
}
