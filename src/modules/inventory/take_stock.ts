// Stock goes out: each SIM profile to one order, whole orders in their order of arrival, never half of one.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { isForOrders } from './is_for_orders.ts';
import type { StockProfile } from './stock_profile.ts';

/**
 * Takes what these orders want of one profile type, in their order. An order that cannot be served whole is not in the
 * answer, and leaves what there is to the next. Call it in a `write`.
 */
export async function takeStock(
  ctx: Ctx,
  profileTypeId: string,
  wants: readonly Want[],
): Promise<Map<string, StockProfile[]>> {
  const wanted = wants.reduce((sum, want) => sum + want.quantity, 0);
  const free = await query<StockProfile>(ctx.db, lockAvailable, [profileTypeId, wanted]);
  const given = new Map<string, StockProfile[]>();
  let next = 0;
  for (const { orderId, quantity } of wants) {
    if (next + quantity > free.length) continue;
    given.set(orderId, free.slice(next, next + quantity));
    next += quantity;
  }
  await query(ctx.db, markUsed, [
    free.slice(0, next).map((profile) => profile.iccid),
    [...given].flatMap(([orderId, profiles]) => profiles.map(() => orderId)),
  ]);
  return given;
}

export type Want = { orderId: string; quantity: number };

/** Reserves `quantity` SIM profiles for an order too large to be served at once. False, and nothing done, when there are too few. */
export async function reserveStock(ctx: Ctx, profileTypeId: string, want: Want): Promise<boolean> {
  const [row] = await query<{ reserved: bigint }>(ctx.db, reserveAvailable, [
    profileTypeId,
    want.quantity,
    want.orderId,
  ]);
  return row?.reserved === BigInt(want.quantity);
}

/** Takes up to `quantity` of what is reserved for this order. Call it in a `write`. */
export async function takeReserved(ctx: Ctx, profileTypeId: string, want: Want): Promise<StockProfile[]> {
  return await query<StockProfile>(ctx.db, takeReservedSql, [want.orderId, want.quantity, profileTypeId]);
}

/** Gives back what is still reserved for an order that ended. */
export async function giveBackReserved(ctx: Ctx, orderId: string): Promise<void> {
  await query(
    ctx.db,
    "update inventory.sim_profiles set state = 'available', order_id = null where order_id = $1 and state = 'reserved'",
    [orderId],
  );
}

/** Gives back SIM profiles that were taken in this same write, before anything was made of them. */
export async function giveBackTaken(ctx: Ctx, iccids: readonly string[]): Promise<void> {
  if (iccids.length === 0) return;
  await query(
    ctx.db,
    "update inventory.sim_profiles set state = 'available', order_id = null where iccid = any($1)",
    [[...iccids]],
  );
}

const lockAvailable = `
  select iccid, imsi, msisdn, secrets from inventory.sim_profiles
  where profile_type_id = $1 and ${isForOrders}
  order by iccid limit $2 for update skip locked`;

const markUsed = `
  update inventory.sim_profiles s set state = 'used', order_id = taken.order_id
  from unnest($1::text[], $2::text[]) as taken(iccid, order_id)
  where s.iccid = taken.iccid and s.iccid = any($1)`;

const reserveAvailable = `
  with free as materialized (
    select iccid from inventory.sim_profiles
    where profile_type_id = $1 and ${isForOrders}
    order by iccid limit $2 for update skip locked
  ), reserved as (
    update inventory.sim_profiles s set state = 'reserved', order_id = $3
    where s.iccid = any(array(select iccid from free)) and (select count(*) from free) = $2
    returning 1
  )
  select count(*) as reserved from reserved`;

const takeReservedSql = `
  update inventory.sim_profiles s set state = 'used'
  where s.iccid = any(array(
    select iccid from inventory.sim_profiles
    where order_id = $1 and state = 'reserved' and profile_type_id = $3
    order by iccid limit $2 for update))
  returning s.iccid, s.imsi, s.msisdn, s.secrets`;
