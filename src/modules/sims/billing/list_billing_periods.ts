// The billing periods of a line, newest first.
import type { Id } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import type { BillingPeriod, PeriodKind } from './billing_period.ts';

/** A page of the billing periods of the account's line. */
export async function listBillingPeriods(
  ctx: Ctx,
  of: ListPage & { accountId: string; simId: string },
): Promise<BillingPeriod[]> {
  const rows = await queryList<PeriodRow>(ctx.db, periodsOfLine, [of.accountId, of.simId], of);
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

const periodsOfLine = listTexts(
  'select id, kind, starts_at, ends_at from sims.billing_periods where account_id = $1 and sim_id = $2',
  'id',
  2,
);
