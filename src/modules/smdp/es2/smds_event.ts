// The event of an ES2+ order at an SM-DS: registered before the profile is released (SGP.22 §5.3.2, §5.3.4).
import { present } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { registerEventNow } from '../push/register_event_now.ts';
import { withdrawPush } from '../push/withdraw_push.ts';
import type { OrderedRow } from './orders_sql.ts';

/** Nothing for an order without SM-DS. Not within a `write`: it may call another server. Throws RspError 8.9/5.1, 8.9/4.2. */
export async function registerSmdsEvent(ctx: Ctx, row: OrderedRow): Promise<void> {
  if (row.smds_address === null) return;
  await registerEventNow(ctx, {
    iccid: row.iccid,
    eid: present(row.ordered_eid, 'the EID of an order with an SM-DS'),
    eventId: present(row.matching_id, 'the matching id of an order with an SM-DS'),
    smdsAddress: row.smds_address,
    rspServerAddress: row.smdp_address,
  });
}

/** Call it in a `write`. */
export async function withdrawSmdsEvent(tx: Ctx, { iccid, smds_address }: OrderedRow): Promise<void> {
  if (smds_address !== null) await withdrawPush(tx, [iccid]);
}
