// HandleNotification: a notification of an eUICC in the ASN.1 binding of ES9+.
import { fields } from '../../der/fields.ts';
import { readTagged, readTlv, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { provisioningTags } from './remote_profile_provisioning.ts';

/**
 * SGP.22 §5.6.4, BF3D:
 *   pendingNotification PendingNotification
 *   more may follow
 * By the tagging rules a CHOICE without a tag of its own is wrapped in [0]; senders leave that out as well.
 */
export type HandleNotificationRequest = {
  /** The whole element: BF37, or the SEQUENCE of another signed notification. */
  pendingNotification: Uint8Array;
};

const tag = provisioningTags.handleNotification;

/** Throws `malformed_der`. */
export function readHandleNotification(source: Uint8Array | Tlv): HandleNotificationRequest {
  const cursor = fields(readTagged(source, tag));
  const wrapped = cursor.optional(0xa0);
  const pendingNotification = wrapped ? readTlv(wrapped.value).raw : cursor.next().raw;
  cursor.rest();
  return { pendingNotification };
}

export function writeHandleNotification({ pendingNotification }: HandleNotificationRequest): Uint8Array {
  return tlv(tag, tlv(0xa0, pendingNotification));
}
