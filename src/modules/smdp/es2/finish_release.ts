// The end of a ConfirmOrder that releases a profile with an event at an SM-DS: the event first, outside of any transaction.
import { RspError } from '../../../rsp/rsp_error.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import type { Es2Call } from './es2_call.ts';
import { lockOrderRow, type OrderedRow, updateOrder } from './orders_sql.ts';
import { recordSteps } from './record_steps.ts';
import { registerSmdsEvent, withdrawSmdsEvent } from './smds_event.ts';

/**
 * Registers the event and releases the profile, or puts the order back to where it was before it was confirmed. May be
 * run again and by several calls at once: who finds the work done is content.
 */
export async function finishRelease(ctx: SmdpCtx, confirmed: OrderedRow): Promise<void> {
  try {
    await registerSmdsEvent(ctx, confirmed);
  } catch (error) {
    // The same call made twice at once: for one of them the SM-DS has the event already.
    if (await writeSmdp(ctx, (tx) => isReleasedOrTakenBack(tx, confirmed))) return;
    throw error;
  }
  await writeSmdp(ctx, (tx) => release(tx, confirmed));
}

async function release(tx: SmdpCtx, confirmed: OrderedRow): Promise<void> {
  const row = await lockOrderRow(tx.db, confirmed.iccid);
  if (row && isSameOrder(row, confirmed) && row.state === 'released') return;
  const waiting = row && findWaiting(row, confirmed);
  if (!waiting) {
    await withdrawSmdsEvent(tx, confirmed);
    throw new RspError('profile_state_invalid', 'The order was changed by another call.');
  }
  const { undo, ...call } = waiting.call;
  await updateOrder(tx.db, {
    ...waiting.row,
    state: 'released',
    es2_call: { ...call, stateAfter: 'released' },
  });
  recordSteps(tx, { ...waiting.row, ...undo }, ['confirmed', 'released'], waiting.row);
}

/** True when another call has released it; else it is put back to where it was. */
async function isReleasedOrTakenBack(tx: SmdpCtx, confirmed: OrderedRow): Promise<boolean> {
  const row = await lockOrderRow(tx.db, confirmed.iccid);
  if (row && isSameOrder(row, confirmed) && row.state === 'released') return true;
  const waiting = row && findWaiting(row, confirmed);
  if (waiting) await takeBack(tx, waiting, confirmed);
  return false;
}

async function takeBack(tx: SmdpCtx, waiting: Waiting, confirmed: OrderedRow): Promise<void> {
  const { state, eid, call } = waiting.call.undo;
  await updateOrder(tx.db, {
    ...waiting.row,
    state,
    eid,
    ordered_eid: eid,
    matching_id: null,
    confirmation_code: null,
    smds_address: null,
    es2_call: call,
  });
  await withdrawSmdsEvent(tx, confirmed);
}

function isSameOrder(row: OrderedRow, confirmed: OrderedRow): boolean {
  return row.matching_id === confirmed.matching_id && row.ordered_eid === confirmed.ordered_eid;
}

type Waiting = { row: OrderedRow; call: Es2Call & Required<Pick<Es2Call, 'undo'>> };

/** The order as it was left before the event was registered, if nothing came in between. */
function findWaiting(row: OrderedRow, confirmed: OrderedRow): Waiting | undefined {
  const { es2_call: call } = row;
  if (row.state !== 'confirmed' || !isSameOrder(row, confirmed) || !call?.undo) return undefined;
  return { row, call: { ...call, undo: call.undo } };
}
