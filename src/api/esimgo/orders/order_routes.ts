// Orders: validated, placed, listed and looked at.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import {
  getOrder,
  listOrderItems,
  listOrdersPage,
  type Order,
  placeOrder,
  quoteOrder,
} from '../../../modules/orders/index.ts';
import { readUuid } from '../../http/uuid_of_id.ts';
import { readMoment } from '../esims/read_moment.ts';
import { type Call, type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { flag, text, texts, whole } from '../wire/fields.ts';
import { type OrderBody, orderBody, readOrder } from './order_form.ts';
import { type Told, writeOrder, writeQuote } from './order_translate.ts';
import { waitForOrder } from './wait_for_order.ts';

const listQuery = z.object({
  includeIccids: flag.default(false),
  page: whole(1, 1_000_000).default(1),
  limit: whole(1, 100).default(50),
  createdAt: texts(2, 100).default([]),
  reference: text(200).exactOptional(),
});

export const orderRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/orders',
    scope: 'orders:write',
    query: z.object({ includeIccids: flag.default(true) }),
    body: orderBody,
    textErrors: true,
    handler: (call) => (call.body.type === 'validate' ? validate(call) : transact(call)),
  }),
  route({ method: 'GET', path: '/orders', scope: 'read', query: listQuery, handler: listAll }),
  route({
    method: 'GET',
    path: '/orders/{orderReference}',
    scope: 'read',
    query: z.object({ includeIccids: flag.default(true) }),
    handler: async (call) => {
      const order = await orderOfReference(call, call.params['orderReference'] ?? '');
      return await writeWhole(call, order, { includeIccids: call.query.includeIccids });
    },
  }),
];

type OrderCall = Call<{ includeIccids: boolean }, OrderBody>;

async function validate(call: OrderCall) {
  return writeQuote(await quoteOrder(call.ctx, readOrder(call)), call.ctx.now);
}

/** Small orders are answered when they have ended; one that failed by then is refused in words. */
async function transact(call: OrderCall) {
  const { ctx, body, idempotencyKey, request, query } = call;
  const placed = await placeOrder(ctx, {
    ...readOrder(call),
    ...(body.clientReference !== undefined && { reference: body.clientReference }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
  const order = await waitForOrder(ctx, placed);
  if (order.status === 'failed') throw failed(order);
  return await writeWhole(call, order, { includeIccids: query.includeIccids, sourceIP: request.ip });
}

/** Why an order has come to nothing. */
export function failed({ failure }: Order): EsimGoRefusal {
  return new EsimGoRefusal(
    400,
    `The order failed. ${failure?.detail ?? 'Nothing was charged.'}`,
    'order_failed',
  );
}

async function listAll({ ctx, account, query }: Call<z.output<typeof listQuery>, unknown>) {
  const { page, limit: perPage, includeIccids, createdAt, ...filter } = query;
  const wanted = { accountId: account.id, page, perPage, ...filter, ...readRange(createdAt) };
  const { orders, rows } = await listOrdersPage(ctx, wanted);
  return {
    orders: await Promise.all(orders.map((order) => writeWhole({ ctx, account }, order, { includeIccids }))),
    pageCount: Math.ceil(rows / perPage),
    rows,
    pageSize: perPage,
  };
}

/** `gte:2024-03-01` and `lte:2024-03-31`: a day ends with its last moment. */
function readRange(given: readonly string[]): { createdFrom?: Date; createdTo?: Date } {
  const range: { createdFrom?: Date; createdTo?: Date } = {};
  for (const each of given) {
    const [, operator, time = ''] = /^(gte|lte):(.+)$/.exec(each) ?? [];
    const moment = readMoment(time);
    if (!moment)
      throw new EsimGoRefusal(400, 'createdAt: give gte: or lte: and a day or a time, like gte:2024-03-01.');
    if (operator === 'gte') range.createdFrom = moment.from;
    else range.createdTo = new Date(moment.to.getTime() - 1);
  }
  return range;
}

/** The account's order that has this reference. Refuses with 400 in the same words for whatever is none. */
export async function orderOfReference(
  { ctx, account }: Pick<Call, 'ctx' | 'account'>,
  reference: string,
): Promise<Order> {
  const id = readUuid('order', reference.trim());
  if (id === undefined) throw unknownReference();
  try {
    return await getOrder(ctx, { accountId: account.id, id });
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') throw unknownReference();
    throw error;
  }
}

function unknownReference(): EsimGoRefusal {
  return new EsimGoRefusal(
    400,
    'Your organisation has no order with this reference: give orderReference or applyReference as it was answered.',
    'unknown_reference',
  );
}

async function writeWhole({ ctx, account }: Pick<Call, 'ctx' | 'account'>, order: Order, told: Told) {
  const items = told.includeIccids
    ? await listOrderItems(ctx, { accountId: account.id, order })
    : order.lines.map((line) => ({ line, lineIndex: line.requestLine, esims: [] }));
  return writeOrder(order, items, told);
}
