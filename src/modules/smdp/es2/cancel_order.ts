// ES2+.CancelOrder (SGP.22 §5.3.3): ends an order that was not downloaded; the profile goes back into stock, or is never used again.
import { RspError } from '../../../rsp/rsp_error.ts';
import { giveBackTaken } from '../../inventory/index.ts';
import type { ProfileState } from '../profiles/profile.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { calledFunction, type Es2Call, type Es2Caller, isResend } from './es2_call.ts';
import { checkOwn, whyNotOrdered } from './load_order.ts';
import {
  deleteOrder,
  findCancelled,
  forgetDownloads,
  insertCancelled,
  lockOrderRow,
  type OrderedRow,
  updateOrder,
} from './orders_sql.ts';
import { recordSteps } from './record_steps.ts';

export type CancelOrder = {
  iccid: string;
  eid?: string;
  matchingId?: string;
  finalProfileStatusIndicator: 'Available' | 'Unavailable';
};

/**
 * Ends the order, its sessions and, as every such move does, its event at an SM-DS. A repetition does nothing, also after the profile went back
 * into stock, until somebody orders it again. Throws RspError: as `lockOrder`; downloaded, installed, deleted or
 * cancelled already 8.2.1/3.5; ordered for an EID that is missing 8.1.1/2.2 or another one 8.1.1/3.10; another matching
 * id 8.2.6/3.10.
 */
export async function cancelOrder(ctx: SmdpCtx, caller: Es2Caller, input: CancelOrder): Promise<void> {
  const called = calledFunction('cancelOrder', caller, input);
  await writeSmdp(ctx, async (tx) => {
    const row = await lockOrderRow(tx.db, input.iccid);
    if (!row) return await checkCancelled(tx, caller, input, called.inputHash);
    checkOwn(row, caller.requester.accountId);
    if (isResend(row, called)) return;
    checkCancellable(row);
    checkEid(row, input);
    checkMatchingId(row, input);
    const to = input.finalProfileStatusIndicator === 'Available' ? 'available' : 'unavailable';
    await end(tx, row, { ...called, stateAfter: to, answer: {} });
  });
}

const cancellable: readonly ProfileState[] = ['allocated', 'linked', 'confirmed', 'released', 'error'];

/** 8.2.1/3.5: an eUICC may have what was downloaded. */
function checkCancellable({ state }: OrderedRow): void {
  if (!cancellable.includes(state)) throw new RspError('profile_state_invalid');
}

/** 8.1.1/2.2 and 8.1.1/3.10. */
function checkEid({ ordered_eid: ordered }: OrderedRow, { eid }: CancelOrder): void {
  if (ordered !== null && eid === undefined) throw new RspError('eid_missing');
  if (eid !== undefined && eid !== ordered) throw new RspError('eid_other');
}

/** 8.2.6/3.10. An empty one is none. */
function checkMatchingId({ matching_id: ordered }: OrderedRow, { matchingId }: CancelOrder): void {
  if (matchingId !== undefined && matchingId !== (ordered ?? '')) throw new RspError('matching_id_mismatch');
}

/** The profile is in stock again, and the caller has put it there by this very call; else there is nothing to cancel. */
async function checkCancelled(
  tx: SmdpCtx,
  { requester: { accountId } }: Es2Caller,
  { iccid }: CancelOrder,
  inputHash: string,
): Promise<void> {
  const call = await findCancelled(tx.db, { iccid, accountId });
  if (call?.inputHash !== inputHash) throw await whyNotOrdered(tx, accountId, iccid);
}

async function end(
  tx: SmdpCtx,
  row: OrderedRow,
  call: Es2Call & { stateAfter: 'available' | 'unavailable' },
) {
  const { iccid, account_id: accountId } = row;
  await forgetDownloads(tx.db, iccid, tx.now);
  if (call.stateAfter === 'available') {
    await deleteOrder(tx.db, iccid);
    await giveBackTaken(tx, [iccid]);
    await insertCancelled(tx.db, { iccid, accountId, call, now: tx.now });
  } else await updateOrder(tx.db, { ...row, state: 'unavailable', es2_call: call });
  recordSteps(tx, row, [call.stateAfter], { eid: row.eid });
}
