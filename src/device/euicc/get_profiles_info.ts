// ES10c GetProfilesInfo (SGP.22 §5.7.15): the profiles that match, each with the data objects asked for.
import { asBuffer, sameBytes } from '../../base/bytes.ts';
import { toSwappedBcd } from '../../base/digits.ts';
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';
import { octets } from '../../der/octets.ts';
import { utf8 } from '../../der/text.ts';
import { readTlv, readTlvs, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { iccidTag, writeIccid } from '../../rsp/asn1/iccid.ts';
import { profileClasses } from '../../rsp/asn1/store_metadata.ts';
import type { InstalledProfile } from '../card_state.ts';
import type { Command } from './command.ts';
import { aidTag } from './find_profile.ts';
import { classOf } from './profile_metadata.ts';

const profileClassTag = 0x95;
const incorrectInputValues = 1;
/** What is given when no tag list says otherwise; B6, B7 and 99 only on demand. */
const tagsByDefault = [0x5a, 0x4f, 0x9f70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95];

export const getProfilesInfo: Command = ({ state }, command) => {
  const cursor = fields(command);
  const criteria = cursor.optional(0xa0);
  const tagList = cursor.optional(0x5c);
  cursor.end();
  const matches = criteria ? readCriteria(readTlv(criteria.value)) : () => true;
  if (!matches) return tlv(0xbf2d, integer(incorrectInputValues, 0x81));
  const tags = tagList ? readTagList(tagList.value) : tagsByDefault;
  const infos = state.profiles.filter(matches).map((profile) => writeProfileInfo(profile, tags));
  return tlv(0xbf2d, tlv(0xa0, ...infos));
};

/** Undefined when the criterion is none of ICCID, AID and profile class. */
function readCriteria(choice: Tlv): ((profile: InstalledProfile) => boolean) | undefined {
  if (choice.tag === iccidTag) return ({ iccid }) => sameBytes(toSwappedBcd(iccid, 10), choice.value);
  if (choice.tag === aidTag) return ({ aid }) => sameBytes(Buffer.from(aid, 'hex'), choice.value);
  if (choice.tag !== profileClassTag) return undefined;
  const wanted = profileClasses[readUnsigned(choice)];
  return (profile) => classOf(profile) === wanted;
}

/** Tags back to back, some of two bytes; those we do not know are ignored. */
function readTagList(bytes: Uint8Array): number[] {
  const tags: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const twoBytes = ((bytes[at] ?? 0) & 0x1f) === 0x1f && at + 1 < bytes.length;
    tags.push(twoBytes ? asBuffer(bytes).readUInt16BE(at++) : (bytes[at] ?? 0));
  }
  return tags;
}

/** ProfileInfo (E3): what the card knows itself, and the rest as it stands in StoreMetadata. */
function writeProfileInfo(profile: InstalledProfile, tags: readonly number[]): Uint8Array {
  const objects = [
    writeIccid(profile.iccid),
    octets(Buffer.from(profile.aid, 'hex'), aidTag),
    integer(profile.state === 'enabled' ? 1 : 0, 0x9f70),
    ...(profile.nickname === undefined ? [] : [utf8(profile.nickname, 0x90)]),
    ...metadataObjects(profile),
  ];
  return tlv(0xe3, ...objects.filter((object) => tags.includes(readTlv(object).tag)));
}

function metadataObjects(profile: InstalledProfile): Uint8Array[] {
  const metadata = readTlv(Buffer.from(profile.metadata, 'base64'));
  const objects = readTlvs(metadata.value).filter(({ tag }) => tag !== iccidTag);
  const classAt = objects.findIndex(({ tag }) => tag >= profileClassTag);
  const raws = objects.map(({ raw }) => raw);
  if (objects[classAt]?.tag !== profileClassTag)
    raws.splice(
      classAt < 0 ? raws.length : classAt,
      0,
      integer(profileClasses.indexOf('operational'), profileClassTag),
    );
  return raws;
}
