// OtherSignedNotification: an enabling, disabling, deletion or further installation notice, with the certificates to check it.
import { fields } from '../../der/fields.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence } from '../../der/write_tlv.ts';
import { type NotificationMetadata, readNotificationMetadata } from './notification_metadata.ts';
import { readSignature, writeSignature } from './signature.ts';

/**
 * SGP.22 §5.7.10, SEQUENCE:
 *   tbsOtherNotification [47] NotificationMetadata, euiccNotificationSignature [APPLICATION 55] OCTET STRING
 *   euiccCertificate Certificate, eumCertificate Certificate
 *   more may follow
 */
export type OtherSignedNotification = {
  raw: Uint8Array;
  /** Its `raw` is what the signature covers. */
  tbsOtherNotification: NotificationMetadata;
  euiccNotificationSignature: Uint8Array;
  euiccCertificate: Uint8Array;
  eumCertificate: Uint8Array;
};

/** Throws `malformed_der`. */
export function readOtherSignedNotification(source: Uint8Array | Tlv): OtherSignedNotification {
  const whole = readTagged(source, 0x30);
  const cursor = fields(whole);
  const notification = {
    raw: whole.raw,
    tbsOtherNotification: readNotificationMetadata(cursor.next()),
    euiccNotificationSignature: readSignature(cursor.next()),
    euiccCertificate: cursor.take(0x30).raw,
    eumCertificate: cursor.take(0x30).raw,
  };
  cursor.rest();
  return notification;
}

/** `tbsOtherNotification` and the certificates are whole elements. */
export function writeOtherSignedNotification(notification: {
  tbsOtherNotification: Uint8Array;
  euiccNotificationSignature: Uint8Array;
  euiccCertificate: Uint8Array;
  eumCertificate: Uint8Array;
}): Uint8Array {
  return sequence(
    notification.tbsOtherNotification,
    writeSignature(notification.euiccNotificationSignature),
    notification.euiccCertificate,
    notification.eumCertificate,
  );
}
