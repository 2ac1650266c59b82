// The inventory of bundles: those that were bought and are on no eSIM yet.
import { z } from 'zod';
import { applyBundles, listLots, refundLot } from '../../modules/orders/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { applied, applyBody, bundleLot, bundleLotList, refundLotBody } from './bundles_schemas.ts';
import { readApplyBundles, writeBundle, writeBundleLot } from './bundles_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

export const bundleLotRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/bundle-lots',
    operationId: 'listBundleLots',
    summary: 'List the bundles of the inventory, newest lot first',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      product: text(100).exactOptional(),
      show: z
        .enum(['open', 'all'])
        .default('open')
        .describe('Lots with something left, or used up and expired ones too.'),
    }),
    response: { status: 200, description: 'One page.', schema: bundleLotList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, show, ...filter } }) => {
      const before = readIdCursor('bundleLot', cursor);
      const of = { accountId: account.id, ...filter, all: show === 'all', ...(before && { before }) };
      return writePage(await listLots(ctx, of), {
        limit: filter.limit,
        cursorOf: (each) => each.id,
        write: writeBundleLot,
      });
    },
  }),
  route({
    method: 'POST',
    path: '/bundle-lots/apply',
    operationId: 'applyBundles',
    summary: 'Put bundles of the inventory onto eSIMs',
    description: 'One onto each eSIM; those that expire first are taken first. All of them, or none.',
    scope: 'orders:write',
    body: applyBody,
    idempotent: true,
    response: { status: 201, description: 'The bundles, in the order of the eSIMs.', schema: applied },
    errors: ['unknown_product', 'not_found', 'bundle_not_compatible', 'conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const input = readApplyBundles(body, accountId);
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'bundle_lot.apply', key, input };
      return await writeOnce(ctx, once, async (tx) => ({
        data: (await applyBundles(tx, input)).map(writeBundle),
      }));
    },
  }),
  route({
    method: 'POST',
    path: '/bundle-lots/{id}/refund',
    operationId: 'refundBundleLot',
    summary: 'Give unassigned bundles back for their price',
    scope: 'orders:write',
    params: z.strictObject({ id: text(64) }),
    body: refundLotBody,
    idempotent: true,
    response: { status: 200, description: 'The lot after it.', schema: bundleLot },
    errors: ['not_found', 'conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, params: { id: lotId }, body, request }) => {
      const input = { accountId, lotId, quantity: body.quantity };
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'bundle_lot.refund', key, input };
      return await writeOnce(ctx, once, async (tx) => writeBundleLot(await refundLot(tx, input)));
    },
  }),
];
