// A price list as the database holds it, and its reading.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { ListPrice, PriceListHead } from './price_list.ts';

export type PriceListRow = { id: string; name: string; created_at: Date };

export const priceListColumns = 'l.id, l.name, l.created_at';

export function readPriceList({ id, name, created_at }: PriceListRow): PriceListHead {
  return { id, name, createdAt: created_at };
}

/** The prices of the list with this id, in the order of product, currency and tier. */
export async function loadPrices(ctx: Ctx, id: string): Promise<ListPrice[]> {
  const rows = await query<PriceRow>(ctx.db, selectPrices, [id]);
  return rows.map(({ product, currency, from_quantity, amount_minor }) => ({
    product,
    currency,
    fromQuantity: Number(from_quantity),
    amountMinor: amount_minor,
  }));
}

type PriceRow = { product: string; currency: string; from_quantity: bigint; amount_minor: bigint };

const selectPrices = `
  select p.name as product, c.currency, c.from_quantity, c.amount_minor
  from catalogue.list_prices c join catalogue.products p on p.id = c.product_id
  where c.price_list_id = $1 order by p.name, c.currency, c.from_quantity`;
