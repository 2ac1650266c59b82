// The notifications of the card: numbered by one counter, signed, and kept until they are removed.

import { present } from '../../base/assert.ts';
import { toBase64 } from '../../base/bytes.ts';
import { signEcdsa } from '../../crypto/ecdsa.ts';
import type { NotificationEvent } from '../../rsp/asn1/named_flags.ts';
import { writeNotificationMetadata } from '../../rsp/asn1/notification_metadata.ts';
import { writeOtherSignedNotification } from '../../rsp/asn1/other_signed_notification.ts';
import type { InstalledProfile, StoredNotification } from '../card_state.ts';
import type { Credential } from './credential.ts';
import type { Euicc } from './euicc.ts';
import { metadataOf } from './profile_metadata.ts';

/** A full store loses the oldest. */
const storedMax = 64;

/** One signed notification for each address that the profile wants told of this event (SGP.22 §3.5). */
export function addNotifications(
  euicc: Euicc,
  profile: InstalledProfile,
  operation: NotificationEvent,
  addressTold?: string,
): void {
  const { privateKey, euiccCertificate, eumCertificate } = credentialOf(euicc, profile.ciKeyId);
  const entries = metadataOf(profile).notificationConfigurationInfo ?? [];
  for (const { profileManagementOperation, notificationAddress } of entries) {
    if (!profileManagementOperation.includes(operation) || notificationAddress === addressTold) continue;
    const entry = {
      seqNumber: nextSeqNumber(euicc),
      operation,
      address: notificationAddress,
      iccid: profile.iccid,
    };
    const tbsOtherNotification = writeMetadata(entry);
    const euiccNotificationSignature = signEcdsa(privateKey, tbsOtherNotification);
    const signed = { tbsOtherNotification, euiccNotificationSignature, euiccCertificate, eumCertificate };
    storeNotification(euicc, { ...entry, pending: toBase64(writeOtherSignedNotification(signed)) });
  }
  euicc.changed = true;
}

/** Rises by one for every notification and is never used again, not even after a memory reset. */
export function nextSeqNumber({ state }: Euicc): number {
  state.lastSeqNumber += 1;
  return state.lastSeqNumber;
}

export function storeNotification({ state }: Euicc, notification: StoredNotification): void {
  state.notifications = [...state.notifications, notification].slice(-storedMax);
}

/** NotificationMetadata (BF2F). */
export function writeMetadata(notification: Omit<StoredNotification, 'pending'>): Uint8Array {
  return writeNotificationMetadata({
    seqNumber: notification.seqNumber,
    profileManagementOperation: notification.operation,
    notificationAddress: notification.address,
    iccid: notification.iccid,
  });
}

/** The credential under the issuer the profile came by. */
export function credentialOf({ credentials }: Euicc, ciKeyId: string): Credential {
  return present(
    credentials.find((each) => each.ciKeyId === ciKeyId) ?? credentials[0],
    'a card has a credential',
  );
}
