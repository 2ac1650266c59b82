// What the USIM of an installed profile knows of itself: its IMSI and how it authenticates, read from the package that was downloaded.
import { fromBase64, sameBytes } from '../../base/bytes.ts';
import { inspectProfilePackage } from '../../rsp/profile/inspect_profile_package.ts';
import { type ProfileElement, readProfileElements } from '../../rsp/profile/profile_element.ts';
import { childOf, integerOf, type TlvNode } from '../../rsp/profile/tlv_tree.ts';
import type { InstalledProfile } from '../card_state.ts';
import { DeviceError } from '../device_error.ts';

/** Keys of 16 bytes; the rest are sequence numbers without index (43 bits). Never log the keys. */
export type UsimKeys = {
  ki: Uint8Array;
  opc: Uint8Array;
  /** A sequence number further ahead than this is taken for wrapped around (TS 33.102 §C.2.1). */
  sequenceDelta: number;
  /** One that lies further back than this is too old. */
  sequenceAgeLimit: number;
  /** What the 32 entries start with. */
  sequenceStart: number[];
};

/** The IMSI of the profile's USIM. Throws `DeviceError` when it has none. */
export function imsiOf(profile: InstalledProfile): string {
  const { imsi } = inspectProfilePackage(fromBase64(profile.package));
  if (imsi === undefined) throw unusable(profile, 'it has no IMSI');
  return imsi;
}

/** The keys of the profile's USIM. Throws `DeviceError` when it authenticates otherwise than by Milenage. */
export function usimKeysOf(profile: InstalledProfile): UsimKeys {
  const node = usimParameter(readProfileElements(fromBase64(profile.package)));
  const keySet = childOf(childOf(node, 0xa1), 0xa1);
  const [ki, opc] = [childOf(keySet, 0x82)?.value, childOf(keySet, 0x83)?.value];
  if (!keySet || !ki || !opc) throw unusable(profile, 'its USIM has no keys of its own');
  if (!isPlainMilenage(keySet)) throw unusable(profile, 'it does not authenticate by Milenage');
  return {
    ki,
    opc,
    sequenceDelta: sequenceNumber(childOf(node, 0x83)) ?? sequenceRangeDefault,
    sequenceAgeLimit: sequenceNumber(childOf(node, 0x84)) ?? sequenceRangeDefault,
    sequenceStart: sequenceStart(childOf(node, 0xa5)),
  };
}

/** The entries of the sequence number array: 5 bits of index (TS 33.102 §C.3.2). */
export const sequenceCount = 32;

// sqnDelta and sqnAgeLimit when the package leaves them out: 000010000000.
const sequenceRangeDefault = 0x10000000;
const milenageId = 1;

/** The akaParameter that stands behind the USIM, before the next application. */
function usimParameter(elements: readonly ProfileElement[]): TlvNode | undefined {
  const behind = elements.slice(elements.findIndex(({ name }) => name === 'usim') + 1);
  const next = behind.findIndex(({ name }) => name === 'isim' || name === 'csim');
  const own = next < 0 ? behind : behind.slice(0, next);
  return own.find(({ name }) => name === 'akaParameter')?.node;
}

/** Milenage with the rotations and constants of TS 35.206 §4.1. */
function isPlainMilenage(keySet: TlvNode): boolean {
  const [rotations, constants] = [childOf(keySet, 0x84)?.value, childOf(keySet, 0x85)?.value];
  return (
    integerOf(childOf(keySet, 0x80)) === milenageId &&
    (!rotations || sameBytes(rotations, plainRotations)) &&
    (!constants || sameBytes(constants, plainConstants))
  );
}

const plainRotations = Buffer.from('4000204060', 'hex');
const plainConstants = Buffer.concat(
  [0, 1, 2, 4, 8].map((last) => Buffer.concat([Buffer.alloc(15), Buffer.of(last)])),
);

function sequenceStart(list: TlvNode | undefined): number[] {
  return Array.from({ length: sequenceCount }, (_, i) => sequenceNumber(list?.children[i]) ?? 0);
}

function sequenceNumber(node: TlvNode | undefined): number | undefined {
  return node?.value.length === 6 ? Buffer.from(node.value).readUIntBE(0, 6) : undefined;
}

function unusable({ iccid }: InstalledProfile, why: string): DeviceError {
  return new DeviceError('refused_by_card', `The profile ${iccid} cannot be used on a network: ${why}.`);
}
