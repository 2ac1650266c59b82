// How much is in stock: counted exactly only as far as countedbody needs to know.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { isForOrders } from './is_for_orders.ts';

/** True when at least `quantity` SIM profiles of this type are available now: a courtesy at order time, no promise. */
export async function hasStock(ctx: Ctx, profileTypeId: string, quantity: number): Promise<boolean> {
  const held = levelsByVault.get(ctx.vault) ?? new Map<string, Level>();
  levelsByVault.set(ctx.vault, held);
  const known = held.get(profileTypeId);
  // A level far above what is asked stays true for a second; near the end of the stock every order looks.
  if (known && known.until > Date.now() && known.available >= quantity + plenty) return true;
  const [row] = await query<{ available: bigint }>(ctx.db, countUpTo, [profileTypeId, quantity + plenty]);
  const available = Number(row?.available ?? 0n);
  held.set(profileTypeId, { available, until: Date.now() + heldMs });
  return available >= quantity;
}

export type StockLevel = { profileType: string; available: number; atLeast: boolean };

/**
 * What orders can have of every profile type, or of those that this account may add stock to; counted up to 100,000
 * (`atLeast` tells that there is more).
 */
export async function listStockLevels(ctx: Ctx, accountId: string | null = null): Promise<StockLevel[]> {
  const rows = await query<{ name: string; available: bigint }>(ctx.db, countAll, [countMax, accountId]);
  return rows.map(({ name, available }) => ({
    profileType: name,
    available: Number(available),
    atLeast: available >= BigInt(countMax),
  }));
}

type Level = { available: number; until: number };

const heldMs = 1_000;
const plenty = 1_000;
const countMax = 100_000;
const levelsByVault = new WeakMap<Ctx['vault'], Map<string, Level>>();

const countUpTo = `
  select count(*) as available from (
    select 1 from inventory.sim_profiles where profile_type_id = $1 and ${isForOrders} limit $2) as counted`;

const countAll = `
  select t.name, (select count(*) from (
    select 1 from inventory.sim_profiles where profile_type_id = t.id and ${isForOrders} limit $1) as counted) as available
  from inventory.profile_types t
  where t.remote is null and ($2::text is null or t.account_id = $2 or t.account_id is null) order by t.name`;
