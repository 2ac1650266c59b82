// EUICCInfo2: the capabilities of an eUICC, signed by it inside euiccSigned1.
import { namedBits, readNamedBits } from '../../der/bit_string.ts';
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readKeyIdList, writeKeyIdList } from './key_id_list.ts';
import {
  type PprId,
  pprIds,
  type RspCapability,
  readFlags,
  rspCapabilities,
  writeFlags,
} from './named_flags.ts';
import { readVersion, writeVersion } from './version_type.ts';

/**
 * SGP.22 §5.7.8, BF22:
 *   profileVersion [1], svn [2], euiccFirmwareVer [3] VersionType
 *   extCardResource [4] OCTET STRING (ETSI TS 102 226), uiccCapability [5] BIT STRING
 *   ts102241Version [6], globalplatformVersion [7] VersionType OPTIONAL
 *   rspCapability [8] BIT STRING
 *   euiccCiPKIdListForVerification [9], euiccCiPKIdListForSigning [10] SEQUENCE OF SubjectKeyIdentifier
 *   euiccCategory [11] INTEGER OPTIONAL, forbiddenProfilePolicyRules [25] PprIds OPTIONAL
 *   ppVersion VersionType, sasAcreditationNumber UTF8String (0..64): both with their universal tags
 *   certificationDataObject [12] and more may follow
 */
export type EuiccInfo2 = {
  raw: Uint8Array;
  profileVersion: string;
  svn: string;
  euiccFirmwareVer: string;
  extCardResource: Uint8Array;
  uiccCapability: number[];
  ts102241Version?: string | undefined;
  globalplatformVersion?: string | undefined;
  rspCapability: RspCapability[];
  euiccCiPKIdListForVerification: Uint8Array[];
  euiccCiPKIdListForSigning: Uint8Array[];
  euiccCategory?: number | undefined;
  forbiddenProfilePolicyRules: PprId[];
  ppVersion: string;
  sasAcreditationNumber: string;
};

export const euiccInfo2Tag = 0xbf22;

/** Throws `malformed_der`. */
export function readEuiccInfo2(source: Uint8Array | Tlv): EuiccInfo2 {
  const whole = readTagged(source, euiccInfo2Tag);
  const cursor = fields(whole);
  const optional = <T>(tag: number, read: (field: Tlv) => T): T | undefined => {
    const field = cursor.optional(tag);
    return field && read(field);
  };
  const info = {
    raw: whole.raw,
    profileVersion: readVersion(cursor.take(0x81)),
    svn: readVersion(cursor.take(0x82)),
    euiccFirmwareVer: readVersion(cursor.take(0x83)),
    extCardResource: readOctets(cursor.take(0x84), 0, 128),
    uiccCapability: readNamedBits(cursor.take(0x85)),
    ts102241Version: optional(0x86, readVersion),
    globalplatformVersion: optional(0x87, readVersion),
    rspCapability: readFlags(cursor.take(0x88), rspCapabilities),
    euiccCiPKIdListForVerification: readKeyIdList(cursor.take(0xa9)),
    euiccCiPKIdListForSigning: readKeyIdList(cursor.take(0xaa)),
    euiccCategory: optional(0x8b, readInteger),
    forbiddenProfilePolicyRules: optional(0x99, (field) => readFlags(field, pprIds)) ?? [],
    ppVersion: readVersion(cursor.take(0x04)),
    sasAcreditationNumber: readUtf8(cursor.take(0x0c), 64),
  };
  cursor.rest();
  return info;
}

export function writeEuiccInfo2(info: Omit<EuiccInfo2, 'raw'>): Uint8Array {
  const { ts102241Version, globalplatformVersion, euiccCategory, forbiddenProfilePolicyRules } = info;
  return tlv(
    euiccInfo2Tag,
    writeVersion(info.profileVersion, 0x81),
    writeVersion(info.svn, 0x82),
    writeVersion(info.euiccFirmwareVer, 0x83),
    octets(info.extCardResource, 0x84),
    namedBits(info.uiccCapability, 0x85),
    ...(ts102241Version === undefined ? [] : [writeVersion(ts102241Version, 0x86)]),
    ...(globalplatformVersion === undefined ? [] : [writeVersion(globalplatformVersion, 0x87)]),
    writeFlags(info.rspCapability, rspCapabilities, 0x88),
    writeKeyIdList(info.euiccCiPKIdListForVerification, 0xa9),
    writeKeyIdList(info.euiccCiPKIdListForSigning, 0xaa),
    ...(euiccCategory === undefined ? [] : [integer(euiccCategory, 0x8b)]),
    ...(forbiddenProfilePolicyRules.length > 0
      ? [writeFlags(forbiddenProfilePolicyRules, pprIds, 0x99)]
      : []),
    writeVersion(info.ppVersion),
    utf8(info.sasAcreditationNumber),
  );
}
