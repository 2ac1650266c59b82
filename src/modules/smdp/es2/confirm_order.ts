// ES2+.ConfirmOrder (SGP.22 §5.3.2): says how the ordered profile is asked for, and perhaps opens it for download.
import { sameBytes } from '../../../base/bytes.ts';
import { hashConfirmationCode } from '../../../rsp/confirmation_code.ts';
import { newMatchingId } from '../../../rsp/matching_id.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { type CalledFunction, calledFunction, type Es2Call, type Es2Caller, isResend } from './es2_call.ts';
import { finishRelease } from './finish_release.ts';
import { lockOrder } from './load_order.ts';
import { isMatchingIdTaken, lockMatchingId, type OrderedRow, updateOrder } from './orders_sql.ts';
import { recordSteps } from './record_steps.ts';

export type ConfirmOrder = {
  iccid: string;
  eid?: string;
  /** Made here when it is left out; empty: the EID alone finds the profile (default SM-DP+). */
  matchingId?: string;
  confirmationCode?: string;
  smdsAddress?: string;
  releaseFlag: boolean;
};

export type ConfirmedOrder = { eid?: string; matchingId: string; smdpAddress: string };

/**
 * The profile becomes `confirmed`, and with `releaseFlag` `released`, after its event is registered at the SM-DS if one
 * is named: an SM-DS that fails leaves the order as it was. A repetition gets the first answer.
 * Throws RspError: as `lockOrder`; not waiting for a confirmation 8.2.1/3.5; another EID 8.1.1/3.10; no EID where the
 * matching id is empty or an SM-DS is named 8.1.1/2.2; matching id malformed 1.6/2.1, taken 8.2.6/3.3; SM-DS address
 * malformed or out of reach 8.9/5.1, event refused 8.9/4.2.
 */
export async function confirmOrder(
  ctx: SmdpCtx,
  caller: Es2Caller,
  input: ConfirmOrder,
): Promise<ConfirmedOrder> {
  checkForm(input);
  const row = await writeSmdp(ctx, (tx) => confirm(tx, caller, input));
  if (row.es2_call?.undo) await finishRelease(ctx, row);
  return answerOf(row);
}

const matchingIdPattern = /^[^$\p{Cc}\p{Cs}]{0,255}$/u;
const smdsAddressPattern = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;

function checkForm({ matchingId, smdsAddress }: ConfirmOrder): void {
  if (matchingId !== undefined && !matchingIdPattern.test(matchingId))
    throw new RspError('message_invalid', 'A matchingId has up to 255 printable characters and no $.');
  if (smdsAddress !== undefined && !smdsAddressPattern.test(smdsAddress))
    throw new RspError('smds_inaccessible', 'The smdsAddress must be a host name, with or without a port.');
}

async function confirm(tx: SmdpCtx, caller: Es2Caller, input: ConfirmOrder): Promise<OrderedRow> {
  const row = await lockOrder(tx, caller, input.iccid);
  const { confirmationCode, ...others } = input;
  const called = calledFunction('confirmOrder', caller, { ...others, hasCode: !!confirmationCode });
  if (isResend(row, called) && hasCode(tx, row, confirmationCode)) return row;
  if (row.state !== 'allocated' && row.state !== 'linked') throw new RspError('profile_state_invalid');
  const confirmed = await confirmedRow(tx, row, input);
  const written = { ...confirmed, es2_call: keptCall(called, row, confirmed, input.releaseFlag) };
  await updateOrder(tx.db, written);
  if (!written.es2_call.undo)
    recordSteps(tx, row, written.state === 'released' ? ['confirmed', 'released'] : ['confirmed'], written);
  return written;
}

/** The order as it is from now on; `confirmed` while an event is still to be registered. */
async function confirmedRow(tx: SmdpCtx, row: OrderedRow, input: ConfirmOrder): Promise<OrderedRow> {
  const eid = agreedEid(row, input);
  const smdsAddress = checkedSmds(input, eid);
  const isReleased = input.releaseFlag && smdsAddress === null;
  return {
    ...row,
    state: isReleased ? 'released' : 'confirmed',
    eid,
    ordered_eid: eid,
    matching_id: await assignMatchingId(tx, input, eid),
    confirmation_code: input.confirmationCode
      ? tx.vault.seal(hashConfirmationCode(input.confirmationCode), row.iccid)
      : null,
    smds_address: smdsAddress,
  };
}

function keptCall(called: CalledFunction, before: OrderedRow, after: OrderedRow, releases: boolean): Es2Call {
  const waits = releases && after.state === 'confirmed';
  const { state, eid, es2_call: call } = before;
  return {
    ...called,
    stateAfter: after.state,
    answer: answerOf(after),
    ...(waits && { undo: { state, eid, call } }),
  };
}

/** The code is not in the hash of the input, so it is compared with what is kept. */
function hasCode(tx: SmdpCtx, { iccid, confirmation_code: sealed }: OrderedRow, code = ''): boolean {
  if (sealed === null) return code === '';
  return sameBytes(tx.vault.open(sealed, iccid), hashConfirmationCode(code));
}

/** 8.1.1/3.10: an EID that came with DownloadOrder stays. */
function agreedEid({ ordered_eid: earlier }: OrderedRow, { eid }: ConfirmOrder): string | null {
  if (earlier !== null && eid !== undefined && eid !== earlier) throw new RspError('eid_other');
  return earlier ?? eid ?? null;
}

/** 8.1.1/2.2: an event at an SM-DS is one for an EID. */
function checkedSmds({ smdsAddress }: ConfirmOrder, eid: string | null): string | null {
  if (smdsAddress === undefined) return null;
  if (eid === null) throw new RspError('eid_missing', 'An SM-DS finds a profile by the EID: give one.');
  return smdsAddress.toLowerCase();
}

/** Null for an order that its EID alone finds. An event at an SM-DS needs one, so there it is made even if it came empty. */
async function assignMatchingId(
  tx: SmdpCtx,
  { matchingId, smdsAddress }: ConfirmOrder,
  eid: string | null,
): Promise<string | null> {
  if (matchingId === '' && eid === null)
    throw new RspError(
      'eid_missing',
      'Without a matching identifier the profile is found by its EID: give one.',
    );
  if (matchingId === '' && smdsAddress === undefined) return null;
  if (!matchingId) return newMatchingId();
  await lockMatchingId(tx.db, matchingId);
  if (await isMatchingIdTaken(tx.db, matchingId)) throw new RspError('matching_id_in_use');
  return matchingId;
}

function answerOf({ eid, matching_id: matchingId, smdp_address: smdpAddress }: OrderedRow): ConfirmedOrder {
  return { ...(eid !== null && { eid }), matchingId: matchingId ?? '', smdpAddress };
}
