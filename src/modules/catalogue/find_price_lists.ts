// Price lists are found by name, or listed page by page in the order of their names.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { PriceList, PriceListHead } from './price_list.ts';
import { loadPrices, type PriceListRow, priceListColumns, readPriceList } from './price_list_row.ts';

/** The price list of exactly this name. Throws `not_found`. */
export async function getPriceList(ctx: Ctx, name: string): Promise<PriceList> {
  const list = await getPriceListHead(ctx, name);
  return { ...list, prices: await loadPrices(ctx, list.id) };
}

/** The price list of exactly this name, without its prices. Throws `not_found`. */
export async function getPriceListHead(ctx: Ctx, name: string): Promise<PriceListHead> {
  const [row] = await query<PriceListRow>(ctx.db, selectByName, [name]);
  if (!row)
    throw new AppError('not_found', 'There is no such price list: names are case-sensitive.', {
      fields: [{ field: 'priceList', detail: 'unknown' }],
    });
  return readPriceList(row);
}

/** Price lists in the order of their names, behind the name `after`, without their prices. */
export async function listPriceLists(
  ctx: Ctx,
  { after = '', limit = limits.pageSizeDefault }: { after?: string; limit?: number },
): Promise<PriceListHead[]> {
  const rows = await query<PriceListRow>(ctx.db, selectPage, [after, Math.min(limit, limits.pageSizeMax)]);
  return rows.map(readPriceList);
}

/** The price list that this account's orders are priced from, if it has one. */
export async function findPriceListOf(ctx: Ctx, accountId: string): Promise<PriceListHead | undefined> {
  const [row] = await query<PriceListRow>(ctx.db, selectOfAccount, [accountId]);
  return row && readPriceList(row);
}

const selectByName = `select ${priceListColumns} from catalogue.price_lists l where l.name = $1`;
const selectPage = `
  select ${priceListColumns} from catalogue.price_lists l where l.name > $1 order by l.name limit $2`;
const selectOfAccount = `
  select ${priceListColumns} from catalogue.account_price_lists a
  join catalogue.price_lists l on l.id = a.price_list_id where a.account_id = $1`;
