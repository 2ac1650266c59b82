// What makes two notifications of an eUICC the same one.
import { createHash } from 'node:crypto';
import type { NotificationMetadata } from '../../../rsp/asn1/notification_metadata.ts';

/**
 * The metadata names a notification, because an eUICC gives each a number of its own, and may sign it anew each time it
 * is fetched. Cards in the field that number everything 0 are told apart by all they sent, `raw`.
 */
export function notificationHash(metadata: NotificationMetadata, raw: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(metadata.seqNumber === 0 ? raw : metadata.raw)
    .digest();
}
