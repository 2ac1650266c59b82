// SIM profiles leave the stock by name: those that are on their eUICCs already.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { isForOrders } from './is_for_orders.ts';
import type { TakenSim } from './taken_sim.ts';

/** Takes these ICCIDs out of stock; those that orders cannot have either are not in the answer. Call it in a `write`. */
export async function takeIccids(tx: Ctx, iccids: readonly string[]): Promise<Map<string, TakenSim>> {
  const rows = await query<TakenSim>(tx.db, takeText, [[...iccids]]);
  return new Map(rows.map((row) => [row.iccid, row]));
}

// Locked in the order of their ICCIDs, as orders take them.
const takeText = `
  with free as materialized (
    select iccid from inventory.sim_profiles where iccid = any($1) and ${isForOrders} order by iccid for update
  )
  update inventory.sim_profiles s set state = 'used'
  from inventory.profile_types t
  where s.iccid = any(array(select iccid from free)) and t.id = s.profile_type_id
  returning s.iccid, s.imsi, s.msisdn, t.core`;
