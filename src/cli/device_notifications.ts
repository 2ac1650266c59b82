// What the device commands say of notifications that stay on the card.
import type { SentNotifications } from '../device/lpa/send_notifications.ts';
import type { DeviceIo } from './device_call.ts';

/** One line for each that no server took, with what to do. */
export function warnOfFailed({ failed }: SentNotifications, io: DeviceIo): void {
  for (const { notification, reason } of failed)
    io.error(
      `Not delivered: ${notification.profileManagementOperation} no. ${notification.seqNumber} (${reason}). Try: overair device notifications --send`,
    );
}
