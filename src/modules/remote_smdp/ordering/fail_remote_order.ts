// An order that will not get all its profiles gets none: what was ordered for it already is cancelled at its servers.
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { tellRemoteWork } from './remote_work.ts';

export type Failure = { code: ErrorCode; detail: string };

/** Settles a waiting order as failed. Call it in a `write` that holds the order's row. */
export async function failRemoteOrder(tx: Ctx, orderId: string, failure: Failure): Promise<void> {
  await query(tx.db, settleFailed, [orderId, failure.code, failure.detail]);
  await query(tx.db, cancelProfiles, [orderId]);
}

/**
 * Takes back whatever was ordered from remote servers for this order, which ends otherwise; nothing when it had no such
 * profiles. Call it in a `write`.
 */
export async function cancelRemoteProfiles(tx: Ctx, orderId: string): Promise<void> {
  const rows = await query(tx.db, endOrder, [orderId]);
  if (rows.length === 0) return;
  await query(tx.db, cancelProfiles, [orderId]);
  tx.afterCommit(() => tellRemoteWork(tx));
}

const settleFailed = `
  update remote_smdp.orders set state = 'settled', failure_code = $2, failure_detail = $3
  where order_id = $1 and state = 'waiting'`;

const endOrder = "update remote_smdp.orders set state = 'ended' where order_id = $1 returning order_id";

// A call that is under way keeps its claim: its answer is what the cancellation needs.
const cancelProfiles = `
  update remote_smdp.profiles
  set step = case when called_at is null then 'cancelled' else 'to_cancel' end,
    due_at = case when called_at is null then null else clock_timestamp() end, attempts = 0
  where order_id = $1 and step in ('to_order', 'to_confirm', 'ready', 'delivered')`;
