// PendingNotification: either kind of notification, told apart by its tag.
import { readTlv, type Tlv } from '../../der/tlv.ts';
import { type OtherSignedNotification, readOtherSignedNotification } from './other_signed_notification.ts';
import {
  type ProfileInstallationResult,
  profileInstallationResultTag,
  readProfileInstallationResult,
} from './profile_installation_result.ts';

/**
 * SGP.22 §5.7.10, CHOICE:
 *   profileInstallationResult [55] ProfileInstallationResult, otherSignedNotification OtherSignedNotification
 */
export type PendingNotification =
  | { profileInstallationResult: ProfileInstallationResult }
  | { otherSignedNotification: OtherSignedNotification };

/** Throws `malformed_der`. */
export function readPendingNotification(source: Uint8Array | Tlv): PendingNotification {
  const tlv = source instanceof Uint8Array ? readTlv(source) : source;
  return tlv.tag === profileInstallationResultTag
    ? { profileInstallationResult: readProfileInstallationResult(tlv) }
    : { otherSignedNotification: readOtherSignedNotification(tlv) };
}
