// The billing periods of a line, newest first.
import type { Id } from '../../../base/ids.ts';
import { limits } from '../../../base/limits.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { BillingPeriod, PeriodKind } from './billing_period.ts';

/** Up to `limit` billing periods of the account's line older than the id `before`. */
export async function listBillingPeriods(
  ctx: Ctx,
  of: { accountId: string; simId: string; before?: string; limit?: number },
): Promise<BillingPeriod[]> {
  const limit = Math.min(of.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const rows = await query<PeriodRow>(ctx.db, selectPage, [of.accountId, of.simId, of.before ?? '~', limit]);
  return rows.map((row) => ({
    id: row.id as Id<'billingPeriod'>,
    accountId: of.accountId,
    simId: of.simId,
    kind: row.kind,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  }));
}

type PeriodRow = { id: string; kind: PeriodKind; starts_at: Date; ends_at: Date | null };

const selectPage = `
  select id, kind, starts_at, ends_at from sims.billing_periods
  where account_id = $1 and sim_id = $2 and id < $3 order by id desc limit $4`;
