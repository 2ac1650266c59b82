// ES2+.ReleaseProfile (SGP.22 §5.3.4): opens a confirmed profile for download, or one whose download failed or that was deleted, again.
import { RspError } from '../../../rsp/rsp_error.ts';
import type { ProfileState } from '../profiles/profile.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { calledFunction, type Es2Caller, isResend } from './es2_call.ts';
import { lockOrder } from './load_order.ts';
import { forgetDownloads, type OrderedRow, updateOrder, updateReleasedAgain } from './orders_sql.ts';
import { recordSteps } from './record_steps.ts';
import { registerSmdsEvent } from './smds_event.ts';

/**
 * The profile becomes `released`, after its event is registered if it has an SM-DS. One that was deleted or failed
 * starts anew: attempts and binding are forgotten, and unless its operator named an EID it may go to any eUICC. A
 * repetition does nothing. Throws RspError: as `lockOrder`; in another state 8.2.1/3.5; SM-DS 8.9/5.1 and 8.9/4.2.
 */
export async function releaseProfile(
  ctx: SmdpCtx,
  caller: Es2Caller,
  input: { iccid: string },
): Promise<void> {
  const waiting = await writeSmdp(ctx, (tx) => release(tx, caller, input, undefined));
  if (!waiting) return;
  await registerSmdsEvent(ctx, waiting);
  const changed = await writeSmdp(ctx, (tx) => release(tx, caller, input, waiting));
  if (changed) throw new RspError('profile_state_invalid', 'The order was changed by another call.');
}

const releasable: readonly ProfileState[] = ['confirmed', 'error', 'deleted'];

/** Gives the order, and does nothing, when its event must be registered first. */
async function release(
  tx: SmdpCtx,
  caller: Es2Caller,
  { iccid }: { iccid: string },
  registered: OrderedRow | undefined,
): Promise<OrderedRow | undefined> {
  const row = await lockOrder(tx, caller, iccid);
  const called = calledFunction('releaseProfile', caller, { iccid });
  if (isResend(row, called)) return undefined;
  if (!releasable.includes(row.state)) throw new RspError('profile_state_invalid');
  if (row.smds_address !== null && !isSameEvent(row, registered)) return row;
  const after: OrderedRow = {
    ...row,
    state: 'released',
    eid: row.ordered_eid,
    es2_call: { ...called, stateAfter: 'released', answer: {} },
  };
  if (row.state === 'confirmed') await updateOrder(tx.db, after);
  else await startAnew(tx, after);
  recordSteps(tx, row, ['released'], after);
  return undefined;
}

function isSameEvent(row: OrderedRow, registered: OrderedRow | undefined): boolean {
  return registered?.matching_id === row.matching_id && registered.ordered_eid === row.ordered_eid;
}

async function startAnew(tx: SmdpCtx, after: OrderedRow): Promise<void> {
  await updateReleasedAgain(tx.db, after);
  await forgetDownloads(tx.db, after.iccid, tx.now);
}
