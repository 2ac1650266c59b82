// The profile header of a package, read field by field.
import { asBuffer } from '../../base/bytes.ts';
import { fromBcd } from '../../base/digits.ts';
import { serviceName } from './header_services.ts';
import { childOf, integerOf, type TlvNode } from './tlv_tree.ts';

export type ProfileHeader = {
  majorVersion: number | undefined;
  minorVersion: number | undefined;
  profileType: string | undefined;
  /** Digits; undefined when the field is missing or malformed. */
  iccid: string | undefined;
  services: string[];
  /** Template OIDs as value bytes in hex. */
  templateIds: string[];
};

/*
 * ProfileHeader ::= SEQUENCE { major-version [0], minor-version [1], profileType [2] OPTIONAL, iccid [3],
 *   pol [4] OPTIONAL, eUICC-Mandatory-services [5], eUICC-Mandatory-GFSTEList [6], … }
 */
/** What the header says; fields that are missing or malformed are undefined. */
export function readProfileHeader(node: TlvNode | undefined): ProfileHeader {
  const profileType = childOf(node, 0x82)?.value;
  return {
    majorVersion: integerOf(childOf(node, 0x80)),
    minorVersion: integerOf(childOf(node, 0x81)),
    profileType: profileType && asBuffer(profileType).toString('utf8'),
    iccid: digitsOf(childOf(node, 0x83)?.value),
    services: childOf(node, 0xa5)?.children.map(({ tag }) => serviceName(tag)) ?? [],
    templateIds:
      childOf(node, 0xa6)?.children.map(({ value }) => asBuffer(value).toString('hex').toUpperCase()) ?? [],
  };
}

function digitsOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 10) return undefined;
  try {
    return fromBcd(bytes);
  } catch {
    return undefined;
  }
}
