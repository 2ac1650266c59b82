// The lines of a fleet follow its changes, however many they are, in one statement.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { actorName, insertEventsSql } from '../../events/index.ts';
import type { Fleet } from './fleet.ts';

/**
 * Blocks or unblocks the data of the fleet's lines as its limit now says, tells that of each, and has mobile cores told
 * of a new access point or of data switched on or off. Call it in the `write` that changed the fleet.
 */
export async function followFleet(tx: Ctx, { before, fleet }: FleetChange): Promise<void> {
  const isOther = (key: keyof Fleet) => before[key] !== fleet[key];
  const tellCores = isOther('apn') || isOther('dataEnabled');
  if (!tellCores && !isOther('dataLimitBytes')) return;
  await query(tx.db, moveLines, [
    fleet.id,
    fleet.dataLimitBytes,
    tellCores,
    tx.requestId,
    actorName(tx.actor),
    tx.now,
  ]);
}

export type FleetChange = { before: Fleet; fleet: Fleet };

const isOverLimit = '($2::bigint is not null and s.period_bytes >= $2)';

// Only lines in service have a subscriber that is switched on: the others are told all of it when they come back.
const moveLines = `
  with touched as materialized (
    select s.id, s.data_blocked <> ${isOverLimit} as turned
    from sims.sims s
    where s.fleet_id = $1 and ($3 or s.data_blocked <> ${isOverLimit})
    order by s.id for update of s
  ), moved as (
    update sims.sims s
    set data_blocked = s.data_blocked <> t.turned,
      core_due_at = case when s.core <> 'simulated' and coalesce(s.scheduled_status, s.status) in ('ready', 'active')
        then now() else s.core_due_at end,
      core_version = s.core_version + 1
    from touched t
    where s.id = t.id and s.id = any(array(select id from touched))
    returning s.id, s.account_id, s.iccid, s.esim_id, s.unique_name, s.period_bytes, s.data_blocked, t.turned
  )
  ${insertEventsSql(`
    select account_id, case when data_blocked then 'sim.data_limit_reached' else 'sim.data_restored' end, id,
      jsonb_build_object('iccid', iccid, 'esimId', esim_id, 'uniqueName', unique_name, 'reason', 'limit_changed',
        'periodBytes', period_bytes, 'limitBytes', $2::bigint), $4, $5, $6
    from moved where turned order by id`)}`;
