// A line moves to another account with all that belongs to it.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/**
 * Gives the line of this eSIM, its billing periods and commands to another account. Its fleet stays behind, and so does a
 * unique name that the other account has already. Call it in a `write`.
 */
export async function moveSimRows(tx: Ctx, of: { esimId: string; toAccountId: string }): Promise<void> {
  const [moved] = await query<{ id: string }>(tx.db, moveSim, [of.esimId, of.toAccountId, tx.now]);
  if (!moved) return;
  for (const text of [movePeriods, moveCommands]) await query(tx.db, text, [moved.id, of.toAccountId]);
}

const moveSim = `
  update sims.sims s
  set account_id = $2, fleet_id = null, data_blocked = false, updated_at = $3,
    unique_name = case when not exists (
      select from sims.sims o where o.account_id = $2 and o.unique_name = s.unique_name and o.id <> s.id) then s.unique_name end,
    core_due_at = case when s.core <> 'simulated' and coalesce(s.scheduled_status, s.status) in ('ready', 'active')
      then now() else s.core_due_at end,
    core_version = s.core_version + 1
  where esim_id = $1
  returning id`;
const movePeriods = 'update sims.billing_periods set account_id = $2 where sim_id = $1';
const moveCommands = 'update sims.commands set account_id = $2 where sim_id = $1';
