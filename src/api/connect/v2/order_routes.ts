// Version 2 of orders and products, as far as it is known.
import { z } from 'zod';
import { acceptOrder } from '../orders/accept_order.ts';
import { orderOfPath } from '../orders/order_of_path.ts';
import { loadOutcome } from '../orders/order_outcome.ts';
import { productOfPath } from '../products/product_of_path.ts';
import { productQuery, readProductsWanted } from '../products/product_query.ts';
import { listSoldProducts } from '../products/sold_products.ts';
import { type Route, route } from '../route.ts';
import { paging } from '../subscriptions/paging.ts';
import { writeListV2 } from './list.ts';
import { checkV2Order } from './order_form.ts';
import { writeV2Accepted, writeV2Order } from './order_translate.ts';
import { writeV2Product } from './product_translate.ts';

export const v2Routes: readonly Route[] = [
  route({
    method: 'POST',
    paths: ['/v2/orders', '/v2/order'],
    scope: 'orders:write',
    // Read with what the catalogue says to it, so that all faults are in one answer.
    body: z.record(z.string(), z.unknown()),
    handler: async (call) => {
      const { body } = call;
      const given = { input: body, operation: body['operation_type'] };
      return writeV2Accepted(await acceptOrder(call, given, (at) => checkV2Order(at, body)), call);
    },
  }),
  route({
    method: 'GET',
    paths: ['/v2/orders/{orderId}', '/v2/order/{orderId}'],
    scope: 'read',
    handler: async (call) => {
      const order = await orderOfPath(call);
      return writeV2Order(order, await loadOutcome(call.ctx, order), call);
    },
  }),
  route({
    method: 'GET',
    paths: ['/v2/products', '/v2/product'],
    scope: 'read',
    query: z.object({ ...productQuery, ...paging('page_size') }),
    handler: async (call) => {
      const { page, page_size: size, ...asked } = call.query;
      const { products, currency } = await listSoldProducts(call, readProductsWanted(asked));
      const shown = products.slice((page - 1) * size, page * size);
      return writeListV2(
        call,
        shown.map((each) => writeV2Product(each, currency, call)),
        { page, size, hasMore: page * size < products.length, count: products.length },
      );
    },
  }),
  route({
    method: 'GET',
    paths: ['/v2/products/{id}', '/v2/product/{id}'],
    scope: 'read',
    query: z.object(productQuery),
    handler: async (call) => {
      const { sold, currency } = await productOfPath(call);
      return writeV2Product(sold, currency, call);
    },
  }),
];
