// Bundles: found, followed, revoked.
import { z } from 'zod';
import { getBundle, getRevocation, listBundlesOfAccount } from '../../modules/bundles/index.ts';
import { getEsim } from '../../modules/esims/index.ts';
import { revokeBundle } from '../../modules/orders/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { bundle, bundleList, bundleState, revocation, revokeBody } from './bundles_schemas.ts';
import { writeBundle, writeRevocation } from './bundles_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const params = z.strictObject({ id: text(64) });

export const bundleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/bundles',
    operationId: 'listBundles',
    summary: 'List bundles, newest first',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      esim: text(64).exactOptional().describe('`esm_…` or the ICCID.'),
      state: bundleState.exactOptional(),
    }),
    response: { status: 200, description: 'One page.', schema: bundleList },
    errors: ['not_found'],
    handler: async ({ ctx, account: { id: accountId }, query: { cursor, esim, ...filter } }) => {
      const before = readIdCursor('bundle', cursor);
      const of = esim === undefined ? undefined : await getEsim(ctx, { accountId, idOrIccid: esim });
      const found = await listBundlesOfAccount(ctx, {
        accountId,
        ...filter,
        ...(of && { esimId: of.id }),
        ...(before && { before }),
      });
      return writePage(found, { limit: filter.limit, cursorOf: (each) => each.id, write: writeBundle });
    },
  }),
  route({
    method: 'GET',
    path: '/bundles/{id}',
    operationId: 'getBundle',
    summary: 'Get a bundle',
    scope: 'read',
    params,
    response: { status: 200, description: 'The bundle as it is now.', schema: bundle },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeBundle(await getBundle(ctx, { accountId: account.id, bundleId: id })),
  }),
  route({
    method: 'GET',
    path: '/bundles/{id}/revocation',
    operationId: 'getRevocation',
    summary: 'Ask what revoking a bundle would mean',
    description: 'Whether it can be revoked now, and what may be had in return. Nothing is changed.',
    scope: 'read',
    params,
    response: { status: 200, description: 'The rules for this bundle now.', schema: revocation },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeRevocation(await getRevocation(ctx, { accountId: account.id, bundleId: id })),
  }),
  route({
    method: 'POST',
    path: '/bundles/{id}/revoke',
    operationId: 'revokeBundle',
    summary: 'Revoke a bundle that was never used',
    description: 'Its price comes back to the balance, or the bundle to the inventory, if asked for in time.',
    scope: 'orders:write',
    params,
    body: revokeBody,
    idempotent: true,
    response: { status: 200, description: 'The revoked bundle.', schema: bundle },
    errors: ['not_found', 'conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, params: { id: bundleId }, body, request }) => {
      const input = { accountId, bundleId, refundTo: body.refundTo };
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'bundle.revoke', key, input };
      return await writeOnce(ctx, once, async (tx) => writeBundle(await revokeBundle(tx, input)));
    },
  }),
];
