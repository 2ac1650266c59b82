// Lots are found by id or number, or listed newest first, page by page; always within one account.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../pg/list.ts';
import { query } from '../../pg/query.ts';
import { type BundleLot, type LotRow, lotColumns, readLot } from './bundle_lot.ts';

/** A page of the account's lots; without `all`, of those of which something can be assigned. */
export async function listLots(ctx: Ctx, filter: LotFilter): Promise<BundleLot[]> {
  const { accountId, product = null, all = false, ...page } = filter;
  const rows = await queryList<LotRow>(ctx.db, ofAccount, [accountId, product, all, ctx.now], page);
  return rows.map(readLot);
}

export type LotFilter = ListPage & {
  accountId: string;
  product?: string;
  /** Used up and expired ones too. */
  all?: boolean;
};

/** The account's lot with this id, or this number. Throws `not_found`. */
export async function getLot(
  ctx: Ctx,
  { accountId, idOrNumber }: { accountId: string; idOrNumber: string | bigint },
): Promise<BundleLot> {
  const text = typeof idOrNumber === 'bigint' ? selectByNumber : selectById;
  const [row] = await query<LotRow>(ctx.db, text, [accountId, idOrNumber]);
  if (!row) throw new AppError('not_found', 'There is no such bundle lot.');
  return readLot(row);
}

const selectLots = `select ${lotColumns} from orders.bundle_lots where account_id = $1`;
const selectById = `${selectLots} and id = $2`;
const selectByNumber = `${selectLots} and number = $2`;
const ofAccount = listTexts(
  `${selectLots} and ($2::text is null or product_name = $2) and ($3 or (remaining > 0 and expires_at > $4))`,
  'id',
  4,
);
