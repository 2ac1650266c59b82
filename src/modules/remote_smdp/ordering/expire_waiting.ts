// An order does not wait for a remote server for ever: after a day it fails, and what was ordered of it is cancelled.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { failRemoteOrder } from './fail_remote_order.ts';

/** Fails up to 20 orders that have waited for longer than 24 hours; gives how many. */
export async function expireWaiting(ctx: Ctx): Promise<number> {
  const overdue = await query(ctx.db, `${selectOverdue} limit 1`);
  if (overdue.length === 0) return 0;
  return await write(ctx, {}, async (tx) => {
    const rows = await query<{ order_id: string }>(tx.db, `${selectOverdue} limit 20 for update skip locked`);
    for (const { order_id } of rows) await failRemoteOrder(tx, order_id, tooLate);
    return rows.length;
  });
}

const tooLate = {
  code: 'unavailable',
  detail: 'The SM-DP+ that makes the profile could not be reached for a day; nothing was charged.',
} as const;

const selectOverdue = `
  select order_id from remote_smdp.orders
  where state = 'waiting' and deadline_at <= clock_timestamp() order by deadline_at`;
