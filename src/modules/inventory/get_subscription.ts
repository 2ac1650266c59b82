// The keys of a SIM profile after it went out: the mobile core needs them as long as the line lives.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Subscription } from '../../rsp/profile/subscription.ts';
import { openSubscription, type StockProfile } from './stock_profile.ts';

/** Everything personal in this SIM profile, its secrets opened. Keep it no longer than telling the core takes. Throws `not_found`. */
export async function getSubscription(ctx: Ctx, iccid: string): Promise<Subscription> {
  const [row] = await query<StockProfile>(
    ctx.db,
    'select iccid, imsi, msisdn, secrets from inventory.sim_profiles where iccid = $1',
    [iccid],
  );
  if (!row) throw new AppError('not_found', 'There is no such SIM profile.');
  return openSubscription(ctx, row);
}
