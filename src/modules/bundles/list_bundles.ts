// Bundles are found by id, or listed page by page; always within one account.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Bundle, BundleState } from './bundle.ts';
import { type BundleRow, bundleColumns, readBundle } from './bundle_row.ts';

/** The account's bundle with this id. Throws `not_found`. */
export async function getBundle(ctx: Ctx, of: { accountId: string; bundleId: string }): Promise<Bundle> {
  const [row] = await query<BundleRow>(ctx.db, selectBundle, [of.accountId, of.bundleId]);
  if (!row) throw new AppError('not_found', 'There is no such bundle.');
  return readBundle(row);
}

/** Up to `limit` bundles of the account's eSIM behind the id `after`, oldest first. */
export async function listBundles(
  ctx: Ctx,
  of: { accountId: string; esimId: string; after?: string; limit?: number },
): Promise<Bundle[]> {
  const rows = await query<BundleRow>(ctx.db, selectOfEsim, [
    of.accountId,
    of.esimId,
    of.after ?? '',
    pageSize(of.limit),
  ]);
  return rows.map(readBundle);
}

/** Up to `limit` bundles of the account, or of one eSIM, older than the id `before`, newest first. */
export async function listBundlesOfAccount(ctx: Ctx, filter: BundleFilter): Promise<Bundle[]> {
  const { accountId, before = '~', state = null, limit, esimId } = filter;
  const values = [accountId, before, state, pageSize(limit)];
  const rows =
    esimId === undefined
      ? await query<BundleRow>(ctx.db, selectOfAccount, values)
      : await query<BundleRow>(ctx.db, selectNewestOfEsim, [...values, esimId]);
  return rows.map(readBundle);
}

export type BundleFilter = {
  accountId: string;
  esimId?: string;
  before?: string;
  state?: BundleState;
  limit?: number;
};

function pageSize(limit: number | undefined): number {
  return Math.min(limit ?? limits.pageSizeDefault, limits.pageSizeMax);
}

const selectBundle = `select ${bundleColumns} from bundles.bundles where account_id = $1 and id = $2`;

const selectOfEsim = `
  select ${bundleColumns} from bundles.bundles
  where account_id = $1 and esim_id = $2 and id > $3 order by id limit $4`;

const page = 'account_id = $1 and id < $2 and ($3::text is null or state = $3)';

const selectOfAccount = `
  select ${bundleColumns} from bundles.bundles where ${page} order by id desc limit $4`;

const selectNewestOfEsim = `
  select ${bundleColumns} from bundles.bundles where ${page} and esim_id = $5 order by id desc limit $4`;
