// Subscriptions: the bundles of SIMs, looked at, filtered, and activated by hand.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { isId } from '../../../base/ids.ts';
import { activateBundle, type Bundle, getBundle } from '../../../modules/bundles/index.ts';
import { write } from '../../../pg/write.ts';
import { type Call, type Route, route } from '../route.ts';
import { simOfIccid, simOfPath } from '../sims/sim_of_path.ts';
import { iccid } from '../wire/fields.ts';
import { loadAbout } from './load_about.ts';
import { pageHeaders, paging } from './paging.ts';
import { listOfQuery, listOfSim, subscriptionFilters } from './subscription_list.ts';
import { writeSubscription } from './subscription_translate.ts';

export const subscriptionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths: ['/v1/subscription', '/v1/subscriptions'],
    scope: 'read',
    query: z.object({ ...subscriptionFilters, ...paging('size') }),
    handler: async (call) => {
      const { size, page, ...filter } = call.query;
      const { bundles, hasMore } = await listOfQuery(call, { filter, page, size });
      call.reply.headers(pageHeaders(call, { page, hasMore }));
      return await writeAll(call, bundles);
    },
  }),
  route({
    method: 'GET',
    paths: ['/v1/sim/{iccid}/subscriptions', '/v1/sims/{iccid}/subscriptions'],
    scope: 'read',
    handler: async (call) => writeAll(call, await listOfSim(call, await simOfPath(call))),
  }),
  route({
    method: 'GET',
    paths: ['/v1/status/subscriptions'],
    scope: 'read',
    query: z.object({ iccid }),
    handler: async (call) => writeAll(call, await listOfSim(call, await simOfIccid(call, call.query.iccid))),
  }),
  route({
    method: 'GET',
    paths: ['/v1/subscription/{id}', '/v1/subscriptions/{id}'],
    scope: 'read',
    handler: async (call) => writeOne(call, await subscriptionOfPath(call)),
  }),
  route({
    method: 'POST',
    paths: [
      '/v1/subscription/{id}/activate',
      '/v1/subscriptions/{id}/activate',
      '/v1/status/subscription/{id}/activate',
    ],
    scope: 'lines:write',
    handler: async (call) => writeOne(call, await activateOfPath(call)),
  }),
];

/** Throws `not_found`. */
export async function subscriptionOfPath({
  ctx,
  account,
  params: { id: bundleId = '' },
}: Pick<Call, 'ctx' | 'account' | 'params'>): Promise<Bundle> {
  if (!isId('bundle', bundleId)) throw new AppError('not_found', 'There is no such subscription.');
  return await getBundle(ctx, { accountId: account.id, bundleId });
}

/** The subscription as it is then. Throws `not_found`, and `conflict` unless it is still to start. */
export async function activateOfPath(call: Pick<Call, 'ctx' | 'account' | 'params'>): Promise<Bundle> {
  const { id: bundleId } = await subscriptionOfPath(call);
  return await write(call.ctx, {}, (tx) => activateBundle(tx, { accountId: call.account.id, bundleId }));
}

async function writeAll(call: Call, bundles: readonly Bundle[]) {
  const about = await loadAbout(call, bundles);
  return bundles.map((bundle) => writeSubscription(bundle, about));
}

async function writeOne(call: Call, bundle: Bundle) {
  return writeSubscription(bundle, await loadAbout(call, [bundle]));
}
