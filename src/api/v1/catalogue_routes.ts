// The catalogue: what can be ordered, and where it works.
import { z } from 'zod';
import {
  countries,
  getProduct,
  listNetworks,
  listProducts,
  putProducts,
} from '../../modules/catalogue/index.ts';
import {
  countryCode,
  countryList,
  networkList,
  product,
  productList,
  putProductsAnswer,
  putProductsBody,
} from './catalogue_schemas.ts';
import { readProducts, writeProduct } from './catalogue_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const putBodyBytesMax = 4 * 1024 * 1024;

export const catalogueRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/products',
    operationId: 'listProducts',
    summary: 'List products by name',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      country: countryCode.exactOptional(),
      group: text(100).exactOptional(),
    }),
    response: { status: 200, description: 'One page of active products.', schema: productList },
    errors: [],
    handler: async ({ ctx, query: { cursor, ...filter } }) =>
      writePage(await listProducts(ctx, { ...filter, ...(cursor && { after: cursor }) }), {
        limit: filter.limit,
        cursorOf: (each) => each.name,
        write: writeProduct,
      }),
  }),
  route({
    method: 'GET',
    path: '/products/{name}',
    operationId: 'getProduct',
    summary: 'Get a product',
    scope: 'read',
    params: z.strictObject({ name: text(100) }),
    response: { status: 200, description: 'The product.', schema: product },
    errors: ['unknown_product'],
    handler: async ({ ctx, params: { name } }) => writeProduct(await getProduct(ctx, name)),
  }),
  route({
    method: 'PUT',
    path: '/products',
    operationId: 'putProducts',
    summary: 'Add or replace products by name',
    description: 'All of them, or none. Orders are charged the new prices from the moment this is answered.',
    scope: 'operator',
    body: putProductsBody,
    bodyBytesMax: putBodyBytesMax,
    response: { status: 200, description: 'How many were put.', schema: putProductsAnswer },
    errors: [],
    handler: async ({ ctx, body }) => {
      await putProducts(ctx, readProducts(body));
      return { count: body.products.length };
    },
  }),
  route({
    method: 'GET',
    path: '/countries',
    operationId: 'listCountries',
    summary: 'List countries and their regions',
    scope: 'read',
    response: { status: 200, description: 'All of them.', schema: countryList },
    errors: [],
    handler: () => ({ data: countries }),
  }),
  route({
    method: 'GET',
    path: '/networks',
    operationId: 'listNetworks',
    summary: 'List the mobile networks of the world by country, MCC and MNC',
    scope: 'read',
    query: z.strictObject({ ...paging, country: countryCode.exactOptional() }),
    response: { status: 200, description: 'One page of networks in operation.', schema: networkList },
    errors: [],
    handler: ({ query: { cursor, ...filter } }) => {
      const after = readIdCursor('network', cursor);
      return writePage(listNetworks({ ...filter, ...(after && { after }) }), {
        limit: filter.limit,
        cursorOf: (each) => each.id,
        write: (each) => ({ ...each, technologies: [...each.technologies] }),
      });
    },
  }),
];
