// How a notification of this door is told: JSON, with the credentials that were given for it, and signed if the account wants.
import { getDoor, openSigningSecret } from '../../../modules/accounts/index.ts';
import { connectRequest, type Dialect } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { readTopic } from './notification.ts';
import { writeNotification } from './write_notification.ts';

/** For `createDeliveryDesk`. */
export function connectDialects(): { connect: Dialect } {
  return { connect: tell };
}

const tell: Dialect = async (ctx, { event, topic, url, secrets: [authorization] }) => {
  const notification = readTopic(topic);
  const json = notification && (await writeNotification(ctx, event, notification));
  if (!json) return null;
  return connectRequest({ url, json, authorization, secret: await secretOf(ctx, event.accountId) });
};

/** The vendor signs nothing; an account that has a secret for this door may have it otherwise. */
async function secretOf(ctx: Ctx, accountId: string): Promise<string | undefined> {
  const of = { accountId, door: 'connect' } as const;
  const { settings } = await getDoor(ctx, of);
  return settings.signCallbacks ? ((await openSigningSecret(ctx, of)) ?? undefined) : undefined;
}
