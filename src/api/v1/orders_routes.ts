// Orders: quoted, placed, followed, cancelled.
import { z } from 'zod';
import { listEsimsOfOrder } from '../../modules/esims/index.ts';
import { cancelOrder, getOrder, listOrders, placeOrder, quoteOrder } from '../../modules/orders/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { publicBaseUrl } from '../http/public_base_url.ts';
import { esimList } from './esims_schemas.ts';
import { writeEsim } from './esims_translate.ts';
import { order, orderList, orderStatus, placeOrderBody, quote, quoteOrderBody } from './orders_schemas.ts';
import { orderUrl, readPlaceOrder, readQuoteOrder, writeOrder, writeQuote } from './orders_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { qrCodesOfOrder } from './qr_codes_zip.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const params = z.strictObject({ id: text(64) });

const quoteErrors = [
  'unknown_product',
  'currency_mismatch',
  'price_changed',
  'not_found',
  'bundle_not_compatible',
  'stock_empty',
  'conflict',
] as const;

export const orderRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/orders/quote',
    operationId: 'quoteOrder',
    summary: 'Price an order without placing it',
    scope: 'read',
    body: quoteOrderBody,
    response: { status: 200, description: 'What it would cost now.', schema: quote },
    errors: quoteErrors,
    handler: async ({ ctx, account, body }) =>
      writeQuote(await quoteOrder(ctx, readQuoteOrder(body, account))),
  }),
  route({
    method: 'POST',
    path: '/orders',
    operationId: 'placeOrder',
    summary: 'Place an order',
    description:
      'The price is held at once; the eSIMs follow in the background. Watch the order or the events.',
    scope: 'orders:write',
    body: placeOrderBody,
    idempotent: true,
    response: {
      status: 201,
      description: 'The order is on disk, and its price is held.',
      schema: order,
      headers: { Location: 'URL of the order.' },
    },
    errors: [...quoteErrors, 'insufficient_funds', 'idempotency_key_reused'],
    handler: async ({ ctx, account, body, request, reply }) => {
      const baseUrl = publicBaseUrl(request);
      const placed = await placeOrder(ctx, readPlaceOrder(body, account, readIdempotencyKey(request)));
      reply.header('location', orderUrl(placed.id, baseUrl));
      return writeOrder(placed, baseUrl);
    },
  }),
  route({
    method: 'GET',
    path: '/orders',
    operationId: 'listOrders',
    summary: 'List orders, newest first',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      status: orderStatus.exactOptional(),
      reference: text(200).exactOptional(),
    }),
    response: { status: 200, description: 'One page.', schema: orderList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, ...filter }, request }) => {
      const before = readIdCursor('order', cursor);
      const orders = await listOrders(ctx, { accountId: account.id, ...filter, ...(before && { before }) });
      const baseUrl = publicBaseUrl(request);
      return writePage(orders, {
        limit: filter.limit,
        cursorOf: (each) => each.id,
        write: (each) => writeOrder(each, baseUrl),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/orders/{id}',
    operationId: 'getOrder',
    summary: 'Get an order',
    scope: 'read',
    params,
    response: { status: 200, description: 'The order as it is now.', schema: order },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id }, request }) =>
      writeOrder(await getOrder(ctx, { accountId: account.id, id }), publicBaseUrl(request)),
  }),
  route({
    method: 'POST',
    path: '/orders/{id}/cancel',
    operationId: 'cancelOrder',
    summary: 'Cancel an order that waits',
    description:
      'One that fulfilment has not begun, or that waits for a remote SM-DP+: its price is released. Cancelling a cancelled order changes nothing.',
    scope: 'orders:write',
    params,
    response: { status: 200, description: 'The cancelled order.', schema: order },
    errors: ['not_found', 'order_not_cancellable'],
    handler: async ({ ctx, account, params: { id }, request }) =>
      writeOrder(await cancelOrder(ctx, { accountId: account.id, id }), publicBaseUrl(request)),
  }),
  route({
    method: 'GET',
    path: '/orders/{id}/esims',
    operationId: 'listEsimsOfOrder',
    summary: 'List the eSIMs that an order became',
    scope: 'read',
    params,
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page, in the order they were made.', schema: esimList },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id }, query: { cursor, limit }, request }) => {
      const after = readIdCursor('esim', cursor);
      const { id: orderId } = await getOrder(ctx, { accountId: account.id, id });
      const of = { accountId: account.id, orderId, limit, ...(after && { after }) };
      const baseUrl = publicBaseUrl(request);
      return writePage(await listEsimsOfOrder(ctx, of), {
        limit,
        cursorOf: (each) => each.id,
        write: (each) => writeEsim(each, baseUrl),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/orders/{id}/qr-codes.zip',
    operationId: 'getQrCodesOfOrder',
    summary: 'Download the QR codes of an order',
    description: 'One PNG for each new eSIM, named by its ICCID, and `esims.csv`. Streamed.',
    scope: 'read',
    params,
    response: { status: 200, description: 'The archive.', mediaType: 'application/zip' },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id }, request, reply }) => {
      const found = await getOrder(ctx, { accountId: account.id, id });
      reply.header('content-disposition', `attachment; filename="${found.id}-qr-codes.zip"`);
      return qrCodesOfOrder(ctx, found, publicBaseUrl(request));
    },
  }),
];
