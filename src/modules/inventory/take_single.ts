// One SIM profile leaves the stock: that of an ICCID, or any of a type.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { isForOrders } from './is_for_orders.ts';
import type { StockProfile } from './stock_profile.ts';

/** Takes the SIM profile with this ICCID. Undefined when orders cannot have it. Call it in a `write`. */
export async function takeByIccid(tx: Ctx, iccid: string): Promise<StockProfile | undefined> {
  const [taken] = await query<StockProfile>(tx.db, takeNamed, [iccid]);
  return taken;
}

/** Takes one SIM profile of this type. Undefined when none is left. Call it in a `write`. */
export async function takeOne(tx: Ctx, profileTypeId: string): Promise<StockProfile | undefined> {
  const [taken] = await query<StockProfile>(tx.db, takeAny, [profileTypeId]);
  return taken;
}

/** Which type the SIM profile with this ICCID is of, whether it is in stock or not. */
export async function findProfileTypeOf(ctx: Ctx, iccid: string): Promise<string | undefined> {
  const [row] = await query<{ name: string }>(ctx.db, selectTypeOf, [iccid]);
  return row?.name;
}

const takeNamed = `
  update inventory.sim_profiles set state = 'used' where iccid = $1 and ${isForOrders}
  returning iccid, imsi, msisdn, secrets`;

const takeAny = `
  with free as materialized (
    select iccid from inventory.sim_profiles where profile_type_id = $1 and ${isForOrders}
    order by iccid limit 1 for update skip locked
  )
  update inventory.sim_profiles s set state = 'used' where s.iccid = any(array(select iccid from free))
  returning s.iccid, s.imsi, s.msisdn, s.secrets`;

const selectTypeOf = `
  select t.name from inventory.sim_profiles s join inventory.profile_types t on t.id = s.profile_type_id
  where s.iccid = $1`;
