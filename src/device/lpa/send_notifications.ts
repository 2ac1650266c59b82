// Delivers what the card has to tell its servers: per address in rising order, and forgets each only once it was taken.
import { toBase64 } from '../../base/bytes.ts';
import type { NotificationMetadata } from '../../rsp/asn1/notification_metadata.ts';
import { DeviceError } from '../device_error.ts';
import { listNotifications, removeNotification, retrieveNotification } from './es10_client.ts';
import type { Lpa } from './lpa.ts';
import { createStepRunner, type OnStep } from './steps.ts';

/** `failed` holds those that stay on the card because their server did not take them, or was not asked any more. */
export type SentNotifications = { sent: NotificationMetadata[]; failed: FailedNotification[] };
export type FailedNotification = { notification: NotificationMetadata; reason: string };

/**
 * Sends what waits (SGP.22 §3.5, §5.6.4). After a failure the later ones for the same address are left for another time,
 * so that the order is kept. Throws only when the card does.
 */
export async function sendNotifications(lpa: Lpa, onStep?: OnStep): Promise<SentNotifications> {
  const run = createStepRunner(onStep);
  const result: SentNotifications = { sent: [], failed: [] };
  const unreachable = new Map<string, string>();
  for (const notification of listNotifications(lpa.card).sort((a, b) => a.seqNumber - b.seqNumber)) {
    const address = notification.notificationAddress;
    const reason =
      unreachable.get(address) ??
      (await failureOf(() =>
        run(
          'handleNotification',
          () => sendNotification(lpa, notification),
          () =>
            `${notification.profileManagementOperation} no. ${notification.seqNumber} taken by ${address}`,
        ),
      ));
    if (reason === undefined) result.sent.push(notification);
    else {
      unreachable.set(address, reason);
      result.failed.push({ notification, reason });
    }
  }
  return result;
}

async function sendNotification({ card, es9 }: Lpa, notification: NotificationMetadata): Promise<void> {
  const { seqNumber, notificationAddress: address } = notification;
  const pending = retrieveNotification(card, seqNumber);
  if (!pending) return;
  const body = { pendingNotification: toBase64(pending) };
  await es9.call({ address, functionName: 'handleNotification', body });
  removeNotification(card, seqNumber);
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof DeviceError) return error.message;
    throw error;
  }
}
