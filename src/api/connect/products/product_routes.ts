// Products: what the caller can order, with its prices.
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { productOfPath } from './product_of_path.ts';
import { productQuery, readProductsWanted } from './product_query.ts';
import { writeProduct } from './product_translate.ts';
import { listSoldProducts } from './sold_products.ts';

export const productRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths: ['/v1/products', '/v1/product'],
    scope: 'read',
    query: z.object(productQuery),
    handler: async (call) => {
      const { products, currency } = await listSoldProducts(call, readProductsWanted(call.query));
      return products.map((each) => writeProduct(each, currency));
    },
  }),
  route({
    method: 'GET',
    paths: ['/v1/products/{id}', '/v1/product/{id}'],
    scope: 'read',
    query: z.object(productQuery),
    handler: async (call) => {
      const { sold, currency } = await productOfPath(call);
      return writeProduct(sold, currency);
    },
  }),
];
