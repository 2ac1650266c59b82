// Pages of an account's bundles by number, newest first, as some doors ask for them.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Bundle } from './bundle.ts';
import { type BundleRow, bundleColumns, readBundle } from './bundle_row.ts';

export type BundlesPage = {
  accountId: string;
  esimId?: string | undefined;
  /** Exactly this name. */
  product?: string | undefined;
  /** Of one of these orders. */
  orderIds?: readonly string[] | undefined;
  /** Assigned at or after, and before. */
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
  /** From 0. */
  page: number;
  perPage: number;
};

/** At most `limits.listRowsMax` of them, and whether more follow. */
export async function listBundlesPage(
  ctx: Ctx,
  { page, perPage, ...filter }: BundlesPage,
): Promise<{ bundles: Bundle[]; hasMore: boolean }> {
  const count = Math.min(perPage, limits.listRowsMax - 1);
  const { text, values } = listOf(filter, count + 1, page * count);
  const rows = await query<BundleRow>(ctx.db, text, values);
  return { bundles: rows.slice(0, count).map(readBundle), hasMore: rows.length > count };
}

/** How many there are on all pages: it reads them all, in about 40 ms for 100,000. */
export async function countBundles(ctx: Ctx, filter: Omit<BundlesPage, 'page' | 'perPage'>): Promise<number> {
  const { count, values } = listOf(filter, null, 0);
  const [row] = await query<{ found: bigint }>(ctx.db, count, values);
  return Number(row?.found ?? 0n);
}

function listOf(
  { accountId, esimId, orderIds, ...filter }: Omit<BundlesPage, 'page' | 'perPage'>,
  limit: number | null,
  offset: number,
): ListTexts & { values: unknown[] } {
  const { product = null, createdAfter = null, createdBefore = null } = filter;
  const values = [accountId, product, createdAfter, createdBefore, limit, offset];
  if (orderIds) return { ...ofOrders, values: [...values, [...orderIds], esimId ?? null] };
  return esimId === undefined ? { ...ofAccount, values } : { ...ofEsim, values: [...values, esimId] };
}

type ListTexts = { text: string; count: string };

/** Bundles of the account's eSIM that are queued or active, but for those of the orders `without`. */
export async function countOpenBundles(
  ctx: Ctx,
  { accountId, esimId, without = [] }: { accountId: string; esimId: string; without?: readonly string[] },
): Promise<number> {
  const [row] = await query<{ open: bigint }>(ctx.db, countOpen, [accountId, esimId, [...without]]);
  return Number(row?.open ?? 0n);
}

const filters = `account_id = $1 and ($2::text is null or product_name = $2)
    and ($3::timestamptz is null or assigned_at >= $3) and ($4::timestamptz is null or assigned_at < $4)`;

function textsOf(from: string, condition = ''): ListTexts {
  const select = (columns: string) =>
    `select ${columns} from ${from} where ${filters} ${condition} order by id desc limit $5 offset $6`;
  return { text: select(bundleColumns), count: `select count(*) as found from (${select('id')}) as f` };
}

/** `offset 0`: found by this condition, instead of among all of the account, whatever the table held when it was planned. */
const few = (condition: string) => `(select * from bundles.bundles where ${condition} offset 0) as b`;

const ofAccount = textsOf('bundles.bundles');
const ofEsim = textsOf(few('esim_id = $7'));
const ofOrders = textsOf(few('order_id = any($7::text[])'), 'and ($8::text is null or esim_id = $8)');

const countOpen = `
  select count(*) as open from bundles.bundles
  where esim_id = $2 and account_id = $1 and state in ('queued', 'active')
    and order_id <> all($3::text[])`;
