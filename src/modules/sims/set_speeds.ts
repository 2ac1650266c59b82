// Fair use slows lines down and lets them go again: the speed is kept, and the mobile core told of it.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Sets the speed of the lines of these eSIMs; null for full speed. Call it in a `write`. */
export async function setSpeeds(tx: Ctx, items: readonly LineSpeed[]): Promise<void> {
  if (items.length === 0) return;
  const speeds = new Map(items.map((item) => [item.esimId, item.speedKbps]));
  await query(tx.db, updateSpeeds, [[...speeds.keys()], [...speeds.values()]]);
}

export type LineSpeed = { esimId: string; speedKbps: number | null };

const updateSpeeds = `
  with locked as materialized (
    select s.id from sims.sims s where s.esim_id = any($1) order by s.id for update
  )
  update sims.sims s
  set speed_kbps = wanted.speed_kbps,
    core_due_at = case when s.core <> 'simulated' and coalesce(s.scheduled_status, s.status) in ('ready', 'active')
      then now() else s.core_due_at end,
    core_version = s.core_version + 1
  from unnest($1::text[], $2::integer[]) as wanted(esim_id, speed_kbps)
  where s.id = any(array(select id from locked)) and s.esim_id = wanted.esim_id
    and s.speed_kbps is distinct from wanted.speed_kbps`;
