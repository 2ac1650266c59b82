// Version 2 of SIMs, subscriptions and notifications, as far as it is known.
import { z } from 'zod';
import type { Bundle } from '../../../modules/bundles/index.ts';
import { callbackUrlCharsMax } from '../../../modules/webhooks/index.ts';
import { type Call, type Route, route } from '../route.ts';
import { register, unregister, writePreferences } from '../sims/preference_routes.ts';
import { simOfPath } from '../sims/sim_of_path.ts';
import { loadAbout } from '../subscriptions/load_about.ts';
import { paging } from '../subscriptions/paging.ts';
import { countOfQuery, listOfQuery, subscriptionFilters } from '../subscriptions/subscription_list.ts';
import { activateOfPath, subscriptionOfPath } from '../subscriptions/subscription_routes.ts';
import { blank, text } from '../wire/fields.ts';
import { writeListV2 } from './list.ts';
import { writeSimV2 } from './sim_translate.ts';
import { writeSubscriptionV2 } from './subscription_translate.ts';

/** The vendor names no path for notifications of this version: these are those of version 1, with the new prefix. */
const notificationPaths = [
  '/v2/sims/{iccid}/preferences/notifications/{type}',
  '/v2/sims/{iccid}/notifications/{type}',
] as const;

const registration = z.object({
  webhook_url: text(callbackUrlCharsMax),
  /** HTTP Basic towards the receiver: the vendor sets it up by hand, here the client does. */
  username: blank(text(200).refine((name) => !name.includes(':'), 'give a name without a colon')),
  password: blank(text(200)),
});

export const v2LineRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths: ['/v2/sims/{iccid}'],
    scope: 'read',
    handler: async (call) => writeSimV2(call, await simOfPath(call)),
  }),
  route({
    method: 'GET',
    paths: ['/v2/subscriptions'],
    scope: 'read',
    query: z.object({ ...subscriptionFilters, ...paging('page_size') }),
    handler: async (call) => {
      const { page, page_size: size, ...filter } = call.query;
      const { bundles, hasMore } = await listOfQuery(call, { filter, page, size });
      const shown = (page - 1) * size + bundles.length;
      const isLast = !hasMore && (bundles.length > 0 || page === 1);
      const count = isLast ? shown : await countOfQuery(call, filter);
      return writeListV2(call, await writeAll(call, bundles), { page, size, hasMore, count });
    },
  }),
  route({
    method: 'GET',
    paths: ['/v2/subscriptions/{id}'],
    scope: 'read',
    handler: async (call) => writeOne(call, await subscriptionOfPath(call)),
  }),
  route({
    method: 'POST',
    paths: ['/v2/subscriptions/{id}/activate'],
    scope: 'lines:write',
    handler: async (call) => writeOne(call, await activateOfPath(call)),
  }),
  route({
    method: 'GET',
    paths: ['/v2/sims/{iccid}/preferences'],
    scope: 'read',
    handler: async (call) => writePreferences(call, (await simOfPath(call)).id),
  }),
  route({
    method: 'PUT',
    paths: notificationPaths,
    scope: 'lines:write',
    body: registration,
    handler: (call) => register(call, readRegistration(call.body)),
  }),
  route({
    method: 'DELETE',
    paths: notificationPaths,
    scope: 'lines:write',
    handler: (call) => unregister(call, 2),
  }),
];

function readRegistration({ webhook_url: url, username, password = '' }: z.output<typeof registration>) {
  const basic = username && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return { version: 2 as const, url, authorization: basic };
}

async function writeAll(call: Call, bundles: readonly Bundle[]) {
  const about = await loadAbout(call, bundles);
  return bundles.map((bundle) => writeSubscriptionV2(call, bundle, about));
}

async function writeOne(call: Call, bundle: Bundle) {
  return writeSubscriptionV2(call, bundle, await loadAbout(call, [bundle]));
}
