// Preferences of a SIM: which notifications are told about it, and where.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { callbackUrlCharsMax, checkCallbackUrl, outgoingOf } from '../../../modules/webhooks/index.ts';
import { write } from '../../../pg/write.ts';
import {
  findNotification,
  listNotifications,
  type Notification,
  removeNotification,
  setNotification,
} from '../callbacks/index.ts';
import { type Call, type Route, route } from '../route.ts';
import { text } from '../wire/fields.ts';
import { simOfPath } from './sim_of_path.ts';

export const preferenceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths: ['/v1/sim/{iccid}/preferences', '/v1/sims/{iccid}/preferences'],
    scope: 'read',
    handler: async (call) => writePreferences(call, (await simOfPath(call)).id),
  }),
  route({
    method: 'POST',
    paths: pathsOf('preferences/notifications/{type}'),
    scope: 'lines:write',
    body: z.object({ webhook_url: text(callbackUrlCharsMax) }),
    handler: (call) => register(call, { version: 1, url: call.body.webhook_url }),
  }),
  route({
    method: 'DELETE',
    // The last pair is what the vendor's documentation calls it, beside an example of the first.
    paths: pathsOf('preferences/notifications/{type}', 'notification_preferences/{type}'),
    scope: 'lines:write',
    handler: (call) => unregister(call, 1),
  }),
];

function pathsOf(...ends: string[]): [string, ...string[]] {
  return ends.flatMap((end) => [`/v1/sim/{iccid}/${end}`, `/v1/sims/{iccid}/${end}`]) as [
    string,
    ...string[],
  ];
}

type Registration = { version: 1 | 2; url: string; authorization?: string | undefined };

/** The preferences as they are then. Throws `not_found` and `invalid_request`. */
export async function register(
  call: Pick<Call, 'ctx' | 'account' | 'params'>,
  { version, url, authorization }: Registration,
) {
  const { ctx, account } = call;
  const notification = typeOfPath(call, version);
  const { id: esimId } = await simOfPath(call);
  await checkCallbackUrl(outgoingOf(ctx), url, { field: 'webhook_url', unresolved: 'taken' });
  const input = { accountId: account.id, esimId, notification, url, authorization };
  await write(ctx, {}, (tx) => setNotification(tx, input));
  return await writePreferences(call, esimId);
}

/** The preferences as they are then, also when nobody was told. Throws `not_found` and `invalid_request`. */
export async function unregister(call: Pick<Call, 'ctx' | 'account' | 'params'>, version: 1 | 2) {
  const { ctx, account } = call;
  const { type } = typeOfPath(call, version);
  const { id: esimId } = await simOfPath(call);
  await write(ctx, {}, (tx) => removeNotification(tx, { accountId: account.id, esimId, type }));
  return await writePreferences(call, esimId);
}

export async function writePreferences({ ctx, account }: Pick<Call, 'ctx' | 'account'>, esimId: string) {
  const found = await listNotifications(ctx, { accountId: account.id, esimId });
  return {
    notifications: found.map(({ notification, url }) => ({ type: notification.spelling, webhook_url: url })),
  };
}

function typeOfPath({ params }: Pick<Call, 'params'>, version: 1 | 2): Notification {
  const notification = findNotification(params['type'] ?? '', version);
  if (notification) return notification;
  const types = `USAGE_THRESHOLD${version === 2 ? ', DOWNLOAD_PROGRESS' : ''} or SUBSCRIPTION_END`;
  throw new AppError('invalid_request', 'There is no such notification.', {
    fields: [{ field: 'type', detail: `give ${types}` }],
  });
}
