// StoreMetadataRequest: what a person and an LPA may know of a profile before and after it is installed.
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { malformed, readTagged, readTlvs, type Tlv } from '../../der/tlv.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import { readIccid, writeIccid } from './iccid.ts';
import {
  type NotificationEvent,
  notificationEvents,
  type PprId,
  pprIds,
  readFlags,
  writeFlags,
} from './named_flags.ts';
import { type OperatorId, readOperatorId, writeOperatorId } from './operator_id.ts';

/**
 * SGP.22 §5.5.3, BF25:
 *   iccid Iccid (5A), serviceProviderName [17] UTF8String (0..32), profileName [18] UTF8String (0..64)
 *   iconType [19] INTEGER {jpg(0), png(1)} OPTIONAL, icon [20] OCTET STRING (0..1024) OPTIONAL
 *   profileClass [21] INTEGER {test(0), provisioning(1), operational(2)} OPTIONAL
 *   notificationConfigurationInfo [22] SEQUENCE OF { [0] NotificationEvent bits, [1] address UTF8String } OPTIONAL
 *   profileOwner [23] OperatorID OPTIONAL, profilePolicyRules [25] PprIds OPTIONAL
 *   more may follow
 */
export type StoreMetadataRequest = {
  raw: Uint8Array;
  iccid: string;
  serviceProviderName: string;
  profileName: string;
  iconType?: IconType | undefined;
  icon?: Uint8Array | undefined;
  profileClass?: ProfileClass | undefined;
  notificationConfigurationInfo?: NotificationConfiguration[] | undefined;
  profileOwner?: OperatorId | undefined;
  profilePolicyRules?: PprId[] | undefined;
};

export type NotificationConfiguration = {
  profileManagementOperation: NotificationEvent[];
  notificationAddress: string;
};

export const iconTypes = ['jpg', 'png'] as const;
export const profileClasses = ['test', 'provisioning', 'operational'] as const;
export type IconType = (typeof iconTypes)[number];
export type ProfileClass = (typeof profileClasses)[number];

/** Sizes in bytes. */
export const metadataLimits = {
  serviceProviderNameBytesMax: 32,
  profileNameBytesMax: 64,
  iconBytesMax: 1024,
  notificationConfigurationsMax: 32,
} as const;

export const storeMetadataTag = 0xbf25;

/** Throws `malformed_der`. */
export function readStoreMetadata(source: Uint8Array | Tlv): StoreMetadataRequest {
  const whole = readTagged(source, storeMetadataTag);
  const cursor = fields(whole);
  const optional = <T>(tag: number, read: (field: Tlv) => T): T | undefined => {
    const field = cursor.optional(tag);
    return field && read(field);
  };
  const metadata = {
    raw: whole.raw,
    iccid: readIccid(cursor.take(0x5a)),
    serviceProviderName: readUtf8(cursor.take(0x91), metadataLimits.serviceProviderNameBytesMax),
    profileName: readUtf8(cursor.take(0x92), metadataLimits.profileNameBytesMax),
    iconType: optional(0x93, (field) => oneOf(iconTypes, field)),
    icon: optional(0x94, (field) => readOctets(field, 0, metadataLimits.iconBytesMax)),
    profileClass: optional(0x95, (field) => oneOf(profileClasses, field)),
    notificationConfigurationInfo: optional(0xb6, readNotificationConfigurations),
    profileOwner: optional(0xb7, readOperatorId),
    profilePolicyRules: optional(0x99, (field) => readFlags(field, pprIds)),
  };
  cursor.rest();
  return metadata;
}

export function writeStoreMetadata(metadata: Omit<StoreMetadataRequest, 'raw'>): Uint8Array {
  const { iconType, icon, profileClass, notificationConfigurationInfo, profileOwner } = metadata;
  return tlv(
    storeMetadataTag,
    writeIccid(metadata.iccid),
    utf8(metadata.serviceProviderName, 0x91),
    utf8(metadata.profileName, 0x92),
    ...(iconType ? [integer(iconTypes.indexOf(iconType), 0x93)] : []),
    ...(icon ? [octets(icon, 0x94)] : []),
    ...(profileClass ? [integer(profileClasses.indexOf(profileClass), 0x95)] : []),
    ...(notificationConfigurationInfo
      ? [tlv(0xb6, ...notificationConfigurationInfo.map(writeNotificationConfiguration))]
      : []),
    ...(profileOwner ? [writeOperatorId(profileOwner, 0xb7)] : []),
    ...(metadata.profilePolicyRules ? [writeFlags(metadata.profilePolicyRules, pprIds, 0x99)] : []),
  );
}

function readNotificationConfigurations(field: Tlv): NotificationConfiguration[] {
  const entries = readTlvs(field.value);
  if (entries.length > metadataLimits.notificationConfigurationsMax)
    throw malformed('too many notification configurations');
  return entries.map((entry) => {
    const cursor = fields(readTagged(entry, 0x30));
    const profileManagementOperation = readFlags(cursor.take(0x80), notificationEvents);
    const notificationAddress = readUtf8(cursor.take(0x81), 255);
    cursor.rest();
    return { profileManagementOperation, notificationAddress };
  });
}

function writeNotificationConfiguration(entry: NotificationConfiguration): Uint8Array {
  return sequence(
    writeFlags(entry.profileManagementOperation, notificationEvents, 0x80),
    utf8(entry.notificationAddress, 0x81),
  );
}

function oneOf<Name extends string>(names: readonly Name[], field: Tlv): Name {
  const name = names[readInteger(field)];
  if (!name) throw malformed(`a value other than ${names.join(', ')}`);
  return name;
}
