// Webhooks: who is told about events, what became of each telling, and telling again.
import { z } from 'zod';
import {
  checkCallbackUrl,
  createEndpoint,
  deleteEndpoint,
  getDelivery,
  getEndpoint,
  listDeliveries,
  listEndpoints,
  outgoingOf,
  prepareEndpoint,
  replayDelivery,
  replayRange,
  rotateSecret,
  updateEndpoint,
} from '../../modules/webhooks/index.ts';
import { write } from '../../pg/write.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';
import {
  delivery,
  deliveryList,
  deliveryState,
  deliveryWithAttempts,
  replayBody,
  replayed,
  webhook,
  webhookBody,
  webhookList,
  webhookWithSecret,
} from './webhooks_schemas.ts';
import {
  readReplay,
  readWebhook,
  writeDelivery,
  writeDeliveryWithAttempts,
  writeWebhook,
} from './webhooks_translate.ts';

const params = z.strictObject({ id: text(64) });
const deliveryParams = z.strictObject({ id: text(64), deliveryId: text(64) });

const endpointRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/webhooks',
    operationId: 'createWebhook',
    summary: 'Have events sent to a URL',
    description:
      'What happens from now on is posted there, signed as Standard Webhooks says, at least once and in order for each resource. An account has at most 20.',
    scope: 'webhooks:write',
    body: webhookBody,
    response: { status: 201, description: 'The webhook with its secret.', schema: webhookWithSecret },
    errors: ['conflict'],
    handler: async ({ ctx, account, body }) => {
      await prepareEndpoint(ctx, { accountId: account.id, url: body.url });
      const made = await write(ctx, {}, (tx) => createEndpoint(tx, readWebhook(body, account.id)));
      return { ...writeWebhook(made.endpoint), secret: made.secret };
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks',
    operationId: 'listWebhooks',
    summary: 'List webhooks, oldest first',
    scope: 'read',
    response: { status: 200, description: 'All of them.', schema: webhookList },
    errors: [],
    handler: async ({ ctx, account }) => ({ data: (await listEndpoints(ctx, account.id)).map(writeWebhook) }),
  }),
  route({
    method: 'GET',
    path: '/webhooks/{id}',
    operationId: 'getWebhook',
    summary: 'Get a webhook',
    scope: 'read',
    params,
    response: { status: 200, description: 'The webhook.', schema: webhook },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeWebhook(await getEndpoint(ctx, { accountId: account.id, id })),
  }),
  route({
    method: 'PUT',
    path: '/webhooks/{id}',
    operationId: 'updateWebhook',
    summary: 'Replace what a webhook is',
    description:
      'What waits goes to the new URL. Disabling it drops what waits, which can be replayed. The secret stays.',
    scope: 'webhooks:write',
    params,
    body: webhookBody,
    response: { status: 200, description: 'The webhook as it is now.', schema: webhook },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id }, body }) => {
      await checkCallbackUrl(outgoingOf(ctx), body.url);
      const input = { ...readWebhook(body, account.id), id };
      return writeWebhook(await write(ctx, {}, (tx) => updateEndpoint(tx, input)));
    },
  }),
  route({
    method: 'DELETE',
    path: '/webhooks/{id}',
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'What waits for it is dropped.',
    scope: 'webhooks:write',
    params,
    response: { status: 200, description: 'The webhook as it was.', schema: webhook },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeWebhook(await write(ctx, {}, (tx) => deleteEndpoint(tx, { accountId: account.id, id }))),
  }),
  route({
    method: 'POST',
    path: '/webhooks/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook a new secret',
    description: 'For 24 hours the old one signs beside it.',
    scope: 'webhooks:write',
    params,
    response: { status: 200, description: 'The webhook with its new secret.', schema: webhookWithSecret },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id } }) => {
      const rotated = await write(ctx, {}, (tx) => rotateSecret(tx, { accountId: account.id, id }));
      return { ...writeWebhook(rotated.endpoint), secret: rotated.secret };
    },
  }),
];

const deliveryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'List deliveries, newest first',
    scope: 'read',
    params,
    query: z.strictObject({ ...paging, state: deliveryState.exactOptional() }),
    response: { status: 200, description: 'One page.', schema: deliveryList },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id }, query: { cursor, ...filter } }) => {
      const before = readIdCursor('delivery', cursor);
      const { id: targetId } = await getEndpoint(ctx, { accountId: account.id, id });
      const of = { accountId: account.id, targetId, ...filter, ...(before && { before }) };
      return writePage(await listDeliveries(ctx, of), {
        limit: filter.limit,
        cursorOf: (each) => each.id,
        write: writeDelivery,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks/{id}/deliveries/{deliveryId}',
    operationId: 'getWebhookDelivery',
    summary: 'Get a delivery with the log of its attempts',
    scope: 'read',
    params: deliveryParams,
    response: { status: 200, description: 'The delivery.', schema: deliveryWithAttempts },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id, deliveryId } }) => {
      const { id: targetId } = await getEndpoint(ctx, { accountId: account.id, id });
      const found = await getDelivery(ctx, { accountId: account.id, targetId, id: deliveryId });
      return writeDeliveryWithAttempts(found.delivery, found.attempts);
    },
  }),
  route({
    method: 'POST',
    path: '/webhooks/{id}/deliveries/{deliveryId}/replay',
    operationId: 'replayWebhookDelivery',
    summary: 'Send a delivery again',
    description: 'For another 24 hours if need be, under its old id. One that is still tried is tried now.',
    scope: 'webhooks:write',
    params: deliveryParams,
    response: { status: 200, description: 'The delivery as it is now.', schema: delivery },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id, deliveryId } }) => {
      const of = { accountId: account.id, targetId: id, id: deliveryId };
      return writeDelivery(await write(ctx, {}, (tx) => replayDelivery(tx, of)));
    },
  }),
  route({
    method: 'POST',
    path: '/webhooks/{id}/replay',
    operationId: 'replayWebhook',
    summary: 'Send the deliveries of a time again',
    description: 'Up to 10,000 in one call, the oldest first.',
    scope: 'webhooks:write',
    params,
    body: replayBody,
    response: { status: 200, description: 'How many are sent again.', schema: replayed },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id }, body }) => {
      const range = readReplay(body, { accountId: account.id, targetId: id });
      const { replayed: count, isMore } = await write(ctx, {}, (tx) => replayRange(tx, range));
      return { replayed: count, more: isMore };
    },
  }),
];

export const webhookRoutes: readonly Route[] = [...endpointRoutes, ...deliveryRoutes];
