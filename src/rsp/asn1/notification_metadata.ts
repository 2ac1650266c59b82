// NotificationMetadata: which event a notification tells of, and where it goes.
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { malformed, readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { iccidTag, readIccid, writeIccid } from './iccid.ts';
import { type NotificationEvent, notificationEvents, readFlags, writeFlags } from './named_flags.ts';

/**
 * SGP.22 §5.7.9, BF2F:
 *   seqNumber [0] INTEGER, profileManagementOperation [1] NotificationEvent with one bit set
 *   notificationAddress UTF8String, iccid Iccid OPTIONAL
 *   more may follow
 */
export type NotificationMetadata = {
  raw: Uint8Array;
  seqNumber: number;
  profileManagementOperation: NotificationEvent;
  notificationAddress: string;
  iccid?: string | undefined;
};

export const notificationMetadataTag = 0xbf2f;

/** Throws `malformed_der`. */
export function readNotificationMetadata(source: Uint8Array | Tlv): NotificationMetadata {
  const whole = readTagged(source, notificationMetadataTag);
  const cursor = fields(whole);
  const seqNumber = readUnsigned(cursor.take(0x80));
  const [profileManagementOperation, second] = readFlags(cursor.take(0x81), notificationEvents);
  if (!profileManagementOperation || second) throw malformed('a notification of no event or of several');
  const notificationAddress = readUtf8(cursor.take(0x0c), 255);
  const iccid = cursor.optional(iccidTag);
  cursor.rest();
  return {
    raw: whole.raw,
    seqNumber,
    profileManagementOperation,
    notificationAddress,
    iccid: iccid && readIccid(iccid),
  };
}

export function writeNotificationMetadata(metadata: Omit<NotificationMetadata, 'raw'>): Uint8Array {
  return tlv(
    notificationMetadataTag,
    integer(metadata.seqNumber, 0x80),
    writeFlags([metadata.profileManagementOperation], notificationEvents, 0x81),
    utf8(metadata.notificationAddress),
    ...(metadata.iccid === undefined ? [] : [writeIccid(metadata.iccid)]),
  );
}
