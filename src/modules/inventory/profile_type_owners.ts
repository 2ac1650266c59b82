// The accounts that have profile types of their own: those who answer for what this installation issues.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Up to 1,000 account ids. */
export async function listProfileTypeOwners(ctx: Ctx): Promise<string[]> {
  const rows = await query<{ account_id: string }>(ctx.db, selectOwners);
  return rows.map((row) => row.account_id);
}

const selectOwners = `
  select distinct account_id from inventory.profile_types where account_id is not null order by account_id limit 1000`;
