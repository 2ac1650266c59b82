// The last update of each line towards its mobile core, for lines that another system serves.
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import type { CoreUpdate, CoreUpdateStatus } from './core_update.ts';
import type { MobileCoreName } from './mobile_core.ts';

/** A page of the account's updates, by the ids of their lines. A line that no core knows of yet has none. */
export async function listCoreUpdates(ctx: Ctx, filter: CoreUpdateFilter): Promise<CoreUpdate[]> {
  const { accountId, simId = null, status = null } = filter;
  const rows = await queryList<UpdateRow>(ctx.db, updatesOfAccount, [accountId, simId, status], filter);
  return rows.map((row) => ({
    accountId,
    simId: row.id,
    iccid: row.iccid,
    core: row.core,
    status: row.state,
    error: row.core_error,
    createdAt: row.created_at,
    updatedAt: row.changed_at,
    toldAt: row.state === 'told' ? row.core_told_at : null,
  }));
}

export type CoreUpdateFilter = ListPage & { accountId: string; simId?: string; status?: CoreUpdateStatus };

type UpdateRow = {
  id: string;
  iccid: string;
  core: MobileCoreName;
  state: CoreUpdateStatus;
  core_error: string | null;
  core_told_at: Date | null;
  created_at: Date;
  changed_at: Date;
};

// After a failure `core_due_at` is the next attempt: only before the first one it says when the change came.
const updatesOfAccount = listTexts(
  `
  select s.id, s.iccid, s.core, u.state, s.core_error, s.core_told_at, s.created_at, u.changed_at
  from sims.sims s
  cross join lateral (
    select
      case when s.core_due_at is null then 'told'
        when s.core_claimed_until > clock_timestamp() then 'telling'
        when s.core_attempts > 0 then 'failed'
        else 'waiting' end as state,
      greatest(s.updated_at, s.core_told_at, case when s.core_attempts = 0 then s.core_due_at end) as changed_at
  ) as u
  where s.account_id = $1 and s.core <> 'simulated' and (s.core_due_at is not null or s.core_told_at is not null)
    and ($2::text is null or s.id = $2) and ($3::text is null or u.state = $3)`,
  's.id',
  3,
);
