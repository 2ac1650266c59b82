// Lots are listed newest first, page by page, within one account.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { type BundleLot, type LotRow, lotColumns, readLot } from './bundle_lot.ts';

/** Up to `limit` lots of the account older than the id `before`; without `all`, those of which something can be assigned. */
export async function listLots(ctx: Ctx, filter: LotFilter): Promise<BundleLot[]> {
  const rows = await query<LotRow>(ctx.db, selectPage, [
    filter.accountId,
    filter.before ?? '~',
    filter.product ?? null,
    filter.all ?? false,
    Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax),
    ctx.now,
  ]);
  return rows.map(readLot);
}

export type LotFilter = {
  accountId: string;
  before?: string;
  product?: string;
  /** Used up and expired ones too. */
  all?: boolean;
  limit?: number;
};

const selectPage = `
  select ${lotColumns} from orders.bundle_lots
  where account_id = $1 and id < $2 and ($3::text is null or product_name = $3)
    and ($4 or (remaining > 0 and expires_at > $6))
  order by id desc limit $5`;
