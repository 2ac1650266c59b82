// Orders: placed, and asked for until they have come to something.
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { acceptOrder } from './accept_order.ts';
import { orderOfPath } from './order_of_path.ts';
import { loadOutcome } from './order_outcome.ts';
import { writeAccepted, writeOrder } from './order_translate.ts';
import { checkOrder } from './read_order.ts';

export const orderRoutes: readonly Route[] = [
  route({
    method: 'POST',
    paths: ['/v1/order', '/v1/orders'],
    scope: 'orders:write',
    // Read with what the catalogue says to it, so that all faults are in one answer.
    body: z.object({ input: z.unknown() }),
    handler: async (call) => {
      const { input } = call.body;
      const { operationType: operation } = Object(input);
      return writeAccepted(await acceptOrder(call, { input, operation }, (at) => checkOrder(at, input)));
    },
  }),
  route({
    method: 'GET',
    paths: ['/v1/order/{orderId}', '/v1/orders/{orderId}'],
    scope: 'read',
    handler: async (call) => {
      const order = await orderOfPath(call);
      return writeOrder(order, await loadOutcome(call.ctx, order), call.base);
    },
  }),
];
