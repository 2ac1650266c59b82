// The bundles of an eSIM, in the order of their assignment.
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Bundle, BundleState } from './bundle.ts';

/** Up to 200 bundles of the account's eSIM behind the id `after`, oldest first. */
export async function listBundles(
  ctx: Ctx,
  of: { accountId: string; esimId: string; after?: string; limit?: number },
): Promise<Bundle[]> {
  const rows = await query<BundleRow>(ctx.db, selectBundles, [
    of.accountId,
    of.esimId,
    of.after ?? '',
    Math.min(of.limit ?? 200, 200),
  ]);
  return rows.map((row) => ({
    id: row.id as Id<'bundle'>,
    accountId: of.accountId,
    esimId: of.esimId,
    orderId: row.order_id,
    productName: row.product_name,
    state: row.state,
    unlimited: row.unlimited,
    initialBytes: row.initial_bytes,
    remainingBytes: row.remaining_bytes,
    validityDays: row.validity_days,
    countries: row.countries,
    assignedAt: row.assigned_at,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  }));
}

type BundleRow = {
  id: string;
  order_id: string;
  product_name: string;
  state: BundleState;
  unlimited: boolean;
  initial_bytes: bigint | null;
  remaining_bytes: bigint | null;
  validity_days: number;
  countries: string[];
  assigned_at: Date;
  starts_at: Date | null;
  ends_at: Date | null;
};

const selectBundles = `
  select id, order_id, product_name, state, unlimited, initial_bytes, remaining_bytes, validity_days, countries,
    assigned_at, starts_at, ends_at
  from bundles.bundles where account_id = $1 and esim_id = $2 and id > $3 order by id limit $4`;
