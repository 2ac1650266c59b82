// Price lists, for operators: what accounts pay instead of the prices of the catalogue, by how much they order.
import { z } from 'zod';
import { getAccount } from '../../modules/accounts/index.ts';
import {
  assignPriceList,
  findPriceListOf,
  getPriceList,
  listPriceLists,
  putPriceList,
} from '../../modules/catalogue/index.ts';
import { write } from '../../pg/write.ts';
import { writePage } from './page.ts';
import { accountPriceList, priceList, priceListPage, putPriceListBody } from './price_lists_schemas.ts';
import {
  readPriceList,
  writeAccountPriceList,
  writePriceList,
  writePriceListHead,
} from './price_lists_translate.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const putBodyBytesMax = 8 * 1024 * 1024;
const byName = z.strictObject({ name: text(100) });
const byAccount = z.strictObject({ account: text(64) });

export const priceListRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/price-lists/{name}',
    operationId: 'putPriceList',
    summary: 'Add or replace a price list',
    description:
      'Whole, or not at all. A product that is not in it costs what the catalogue says. Orders are charged the new prices from the moment this is answered.',
    scope: 'operator',
    params: byName,
    body: putPriceListBody,
    bodyBytesMax: putBodyBytesMax,
    response: { status: 200, description: 'The price list.', schema: priceList },
    errors: ['conflict'],
    handler: async ({ ctx, params: { name }, body }) => {
      const input = readPriceList(name, body);
      return writePriceList(await write(ctx, {}, (tx) => putPriceList(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/price-lists',
    operationId: 'listPriceLists',
    summary: 'List price lists by name',
    scope: 'operator',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page, without their prices.', schema: priceListPage },
    errors: [],
    handler: async ({ ctx, query: { cursor, limit } }) =>
      writePage(await listPriceLists(ctx, { limit, ...(cursor && { after: cursor }) }), {
        limit,
        cursorOf: (each) => each.name,
        write: writePriceListHead,
      }),
  }),
  route({
    method: 'GET',
    path: '/price-lists/{name}',
    operationId: 'getPriceList',
    summary: 'Get a price list',
    scope: 'operator',
    params: byName,
    response: { status: 200, description: 'The price list with all its prices.', schema: priceList },
    errors: ['not_found'],
    handler: async ({ ctx, params: { name } }) => writePriceList(await getPriceList(ctx, name)),
  }),
  route({
    method: 'GET',
    path: '/accounts/{account}/price-list',
    operationId: 'getPriceListOfAccount',
    summary: 'Get which price list an account has',
    scope: 'operator',
    params: byAccount,
    response: { status: 200, description: 'Its price list, if it has one.', schema: accountPriceList },
    errors: ['not_found'],
    handler: async ({ ctx, params: { account } }) => {
      const { id } = await getAccount(ctx, account);
      return writeAccountPriceList(await findPriceListOf(ctx, id));
    },
  }),
  route({
    method: 'PUT',
    path: '/accounts/{account}/price-list',
    operationId: 'assignPriceList',
    summary: 'Give an account a price list, or none',
    description: 'For its orders from now on. Subaccounts keep their own.',
    scope: 'operator',
    params: byAccount,
    body: accountPriceList,
    response: { status: 200, description: 'What it has now.', schema: accountPriceList },
    errors: ['not_found'],
    handler: async ({ ctx, params: { account }, body: { priceList: name } }) =>
      writeAccountPriceList(
        await write(ctx, {}, async (tx) => {
          const { id: accountId } = await getAccount(tx, account);
          return await assignPriceList(tx, { accountId, priceList: name });
        }),
      ),
  }),
];
