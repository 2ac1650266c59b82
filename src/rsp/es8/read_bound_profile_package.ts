// Takes a bound profile package apart; opening its blocks is the business of the eUICC that has the keys.
import { fields } from '../../der/fields.ts';
import { malformed, readTagged, readTlvs, type Tlv, tagName } from '../../der/tlv.ts';
import {
  type InitialiseSecureChannelRequest,
  readInitialiseSecureChannel,
} from '../asn1/initialise_secure_channel.ts';
import { boundProfilePackageTag } from './build_bound_profile_package.ts';

/** SGP.22 §2.5.4, BF36: every list holds elements of that tag only, at least one. */
export type BoundProfilePackage = {
  initialiseSecureChannelRequest: InitialiseSecureChannelRequest;
  firstSequenceOf87: Tlv[];
  sequenceOf88: Tlv[];
  secondSequenceOf87?: Tlv[] | undefined;
  sequenceOf86: Tlv[];
};

/** Throws `malformed_der`, also for anything before, between or after what is expected. */
export function readBoundProfilePackage(bytes: Uint8Array): BoundProfilePackage {
  const cursor = fields(readTagged(bytes, boundProfilePackageTag));
  const initialiseSecureChannelRequest = readInitialiseSecureChannel(cursor.next());
  const firstSequenceOf87 = blocksIn(cursor.take(0xa0), 0x87);
  const sequenceOf88 = blocksIn(cursor.take(0xa1), 0x88);
  const second = cursor.optional(0xa2);
  const sequenceOf86 = blocksIn(cursor.take(0xa3), 0x86);
  cursor.end();
  const secondSequenceOf87 = second && blocksIn(second, 0x87);
  return {
    initialiseSecureChannelRequest,
    firstSequenceOf87,
    sequenceOf88,
    secondSequenceOf87,
    sequenceOf86,
  };
}

function blocksIn(field: Tlv, tag: number): Tlv[] {
  const blocks = readTlvs(field.value);
  if (blocks.length === 0 || blocks.some((block) => block.tag !== tag))
    throw malformed(`a sequence that is not made of ${tagName(tag)} elements`);
  return blocks;
}
