// A SIM has one URL for each type of notification, whichever version and spelling set it.
import {
  type Callback,
  findCallbacks,
  removeCallbacks,
  setCallback,
} from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { eventsOf, type Notification, type NotificationType, readTopic, writeTopic } from './notification.ts';

export type OfSim = { accountId: string; esimId: string };

export type SetNotification = OfSim & {
  notification: Notification;
  /** Checked before. */
  url: string;
  /** Sent as the header of this name; kept sealed. */
  authorization?: string | undefined;
};

/** Tells `url` from now on, in place of the one before. Throws `invalid_request` and `conflict`. Call it in a `write`. */
export async function setNotification(tx: Ctx, input: SetNotification): Promise<void> {
  const { accountId, esimId: resourceId, notification, url, authorization = null } = input;
  const topic = writeTopic(notification);
  await setCallback(tx, {
    accountId,
    resourceId,
    topic,
    url,
    method: 'POST',
    dialect: 'connect',
    types: eventsOf[notification.type],
    secret: authorization,
  });
  // Behind its lock on the SIM: of two that are set at once, the second sees the first.
  await removeType(tx, input, { type: notification.type, except: topic });
}

/** Tells nobody any more, if anybody was told. Call it in a `write`. */
export async function removeNotification(tx: Ctx, of: OfSim & { type: NotificationType }): Promise<void> {
  await removeType(tx, of, { type: of.type });
}

/** What is told about this SIM, oldest first. */
export async function listNotifications(
  ctx: Ctx,
  of: OfSim,
): Promise<{ notification: Notification; url: string }[]> {
  const found = await findOfSim(ctx, of);
  return found.flatMap(({ topic, url }) => {
    const notification = readTopic(topic);
    return notification ? [{ notification, url }] : [];
  });
}

async function removeType(
  tx: Ctx,
  of: OfSim,
  { type, except }: { type: NotificationType; except?: string },
): Promise<void> {
  for (const { topic } of await findOfSim(tx, of)) {
    if (topic === except || readTopic(topic)?.type !== type) continue;
    await removeCallbacks(tx, { accountId: of.accountId, resourceId: of.esimId, topic });
  }
}

async function findOfSim(ctx: Ctx, { accountId, esimId }: OfSim): Promise<Callback[]> {
  const found = await findCallbacks(ctx, { accountId, resourceIds: [esimId] });
  return found.filter(({ dialect }) => dialect === 'connect');
}
