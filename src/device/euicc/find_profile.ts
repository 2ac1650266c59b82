// Finds a profile by the identifier an ES10c command names it with: the ICCID (5A) or the ISD-P AID (4F).
import { toHex } from '../../base/bytes.ts';
import { toSwappedBcd } from '../../base/digits.ts';
import { readOctets } from '../../der/octets.ts';
import { malformed, readTlv, type Tlv } from '../../der/tlv.ts';
import { iccidTag } from '../../rsp/asn1/iccid.ts';
import type { CardState, InstalledProfile } from '../card_state.ts';

export const aidTag = 0x4f;

/** The profile, or undefined when the card has none with that identifier. Throws `malformed_der`. */
export function findProfile(state: CardState, identifier: Tlv): InstalledProfile | undefined {
  if (identifier.tag === iccidTag) {
    const iccid = toHex(readOctets(identifier, 10));
    return state.profiles.find((profile) => toHex(toSwappedBcd(profile.iccid, 10)) === iccid);
  }
  if (identifier.tag !== aidTag) throw malformed('a profile is named by its ICCID (5A) or its AID (4F)');
  const aid = toHex(readOctets(identifier, 5, 16));
  return state.profiles.find((profile) => profile.aid === aid);
}

/** The identifier inside A0, as EnableProfile and DisableProfile carry it. Throws `malformed_der`. */
export function readIdentifier(choice: Tlv): Tlv {
  return readTlv(choice.value);
}
