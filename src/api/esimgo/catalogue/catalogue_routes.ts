// The catalogue: the bundles that the account can order, with its prices.
import { getSoldBundle, searchProducts } from '../../../modules/catalogue/index.ts';
import { type Route, route } from '../route.ts';
import { answerIfChanged } from './answer_if_changed.ts';
import { catalogueQuery, priceQuery, readCriteria, writePaging } from './catalogue_query.ts';
import { writeBundle, writePrice } from './catalogue_translate.ts';

export const catalogueRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/catalogue',
    scope: 'read',
    query: catalogueQuery,
    handler: (call) =>
      answerIfChanged(call, async () => {
        const { ctx, account, query } = call;
        const { id: accountId, currency } = account;
        const search = { ...readCriteria(query), ...pageOf(query), accountId, currency };
        const { orderBy, direction } = query;
        const { products, rows } = await searchProducts(ctx, { ...search, orderBy, direction });
        return {
          bundles: products.map((each) => writeBundle(each, currency)),
          ...writePaging(rows, query.perPage),
        };
      }),
  }),
  route({
    method: 'GET',
    path: '/catalogue/bundle/{name}',
    scope: 'read',
    handler: (call) =>
      answerIfChanged(call, async () => {
        const { id: accountId, currency } = call.account;
        const { name = '' } = call.params;
        return writeBundle(await getSoldBundle(call.ctx, { accountId, currency, name }), currency);
      }),
  }),
  route({
    method: 'GET',
    path: '/catalogue/prices',
    scope: 'read',
    query: priceQuery,
    handler: (call) =>
      answerIfChanged(call, async () => {
        const { ctx, account, query } = call;
        const { id: accountId, currency } = account;
        const search = { ...readCriteria(query), ...pageOf(query), accountId, currency };
        const { products, rows } = await searchProducts(ctx, {
          ...search,
          orderBy: 'name',
          direction: 'asc',
        });
        return {
          prices: products.map((each) => writePrice(each, currency)),
          ...writePaging(rows, query.perPage),
        };
      }),
  }),
];

function pageOf({ page, perPage }: { page: number; perPage: number }) {
  return { page, perPage };
}
