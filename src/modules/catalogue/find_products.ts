// Products are found by name, or listed page by page in the order of their names.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Product } from './product.ts';
import { type ProductRow, readProduct, selectProducts } from './product_row.ts';

/** The product of exactly this name. Throws `unknown_product`. */
export async function getProduct(ctx: Ctx, name: string): Promise<Product> {
  const [row] = await query<ProductRow>(ctx.db, `${selectProducts} where p.name = $1`, [name]);
  if (!row)
    throw new AppError(
      'unknown_product',
      `There is no product named ${JSON.stringify(name)}: names are case-sensitive.`,
    );
  return readProduct(row);
}

/** Active products in the order of their names, behind the name `after`. */
export async function listProducts(ctx: Ctx, filter: ProductFilter): Promise<Product[]> {
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const rows = await query<ProductRow>(ctx.db, listSql, [
    filter.after ?? '',
    filter.country ?? null,
    filter.group ?? null,
    limit,
  ]);
  return rows.map(readProduct);
}

export type ProductFilter = { after?: string; country?: string; group?: string; limit?: number };

const listSql = `${selectProducts}
  where p.name > $1 and p.state = 'active'
    and ($2::text is null or p.countries @> array[$2::text]) and ($3::text is null or p.groups @> array[$3::text])
  order by p.name limit $4`;
