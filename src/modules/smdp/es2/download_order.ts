// ES2+.DownloadOrder (SGP.22 §5.3.1): takes a profile out of stock for an operator and makes its package ready.
import { RspError } from '../../../rsp/rsp_error.ts';
import {
  findProfileType,
  findProfileTypeOf,
  type ProfileType,
  type StockProfile,
  takeByIccid,
  takeOne,
} from '../../inventory/index.ts';
import { recordMove } from '../profiles/record_move.ts';
import { releaseProfiles } from '../profiles/release_profiles.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { type CalledFunction, calledFunction, type Es2Call, type Es2Caller, isResend } from './es2_call.ts';
import { findOrder, findOrderOfCall, lockCall } from './orders_sql.ts';

/** `iccid` without padding. One of `iccid` and `profileType` must be given. */
export type DownloadOrder = { eid?: string; iccid?: string; profileType?: string };

/**
 * The profile becomes `linked` to the EID, or `allocated` without one; gives its ICCID. A repetition gets the first
 * answer: by ICCID while the profile is as that left it, by type if it also has the same functionCallIdentifier.
 * Throws RspError: ICCID unknown 8.2.1/3.9, somebody else's 8.2.1/1.2, in use 8.2.1/3.3; profile type unknown 8.2.5/3.9,
 * somebody else's 8.2.5/1.2, none left 8.2.5/3.7, not that of the ICCID 8.2.5/3.8; neither of them 1.6/2.1.
 */
export async function downloadOrder(
  ctx: SmdpCtx,
  caller: Es2Caller,
  input: DownloadOrder,
): Promise<{ iccid: string }> {
  const called = calledFunction('downloadOrder', caller, input);
  const { iccid, profileType } = input;
  return await writeSmdp(ctx, async (tx) => {
    if (iccid !== undefined) return await orderByIccid(tx, caller, { ...input, iccid }, called);
    if (profileType !== undefined) return await orderByType(tx, caller, { ...input, profileType }, called);
    throw new RspError('message_invalid', 'Give an iccid or a profileType.');
  });
}

async function orderByIccid(
  tx: SmdpCtx,
  caller: Es2Caller,
  input: DownloadOrder & { iccid: string },
  called: CalledFunction,
): Promise<{ iccid: string }> {
  const { iccid } = input;
  const known = await findResend(tx, caller, iccid, called);
  if (known) return known;
  const type = await checkTypeOf(tx, caller, input);
  const stock = await takeByIccid(tx, iccid);
  // Who waited for the lock of another order finds that order now.
  if (!stock) return (await findResend(tx, caller, iccid, called)) ?? inUse();
  return await order(tx, caller, { stock, type, eid: input.eid }, called);
}

function inUse(): never {
  throw new RspError('iccid_in_use');
}

/** What is ordered already: the same again is a resend, anything else 8.2.1/3.3. */
async function findResend(
  tx: SmdpCtx,
  { requester }: Es2Caller,
  iccid: string,
  called: CalledFunction,
): Promise<{ iccid: string } | undefined> {
  const row = await findOrder(tx.db, iccid);
  if (!row) return undefined;
  if (row.account_id !== requester.accountId) throw new RspError('iccid_not_allowed');
  return isResend(row, called) ? { iccid } : inUse();
}

async function checkTypeOf(
  tx: SmdpCtx,
  { requester }: Es2Caller,
  { iccid, profileType }: { iccid: string; profileType?: string },
): Promise<ProfileType> {
  const name = await findProfileTypeOf(tx, iccid);
  const type = name === undefined ? undefined : await findProfileType(tx, name);
  if (!type) throw new RspError('iccid_unknown');
  if (type.accountId !== null && type.accountId !== requester.accountId)
    throw new RspError('iccid_not_allowed');
  if (profileType !== undefined && profileType !== type.name) throw new RspError('profile_type_mismatch');
  return type;
}

async function orderByType(
  tx: SmdpCtx,
  caller: Es2Caller,
  input: DownloadOrder & { profileType: string },
  called: CalledFunction,
): Promise<{ iccid: string }> {
  const { requester, functionCallIdentifier } = caller;
  const call = { requesterId: requester.id, functionCallIdentifier, inputHash: called.inputHash };
  await lockCall(tx.db, call);
  const known = await findOrderOfCall(tx.db, call);
  if (known) return { iccid: known.iccid };
  const type = await findProfileType(tx, input.profileType);
  if (!type) throw new RspError('profile_type_unknown');
  if (type.accountId !== null && type.accountId !== requester.accountId)
    throw new RspError('profile_type_not_allowed');
  const stock = await takeOne(tx, type.id);
  if (!stock) throw new RspError('profile_type_unavailable');
  return await order(tx, caller, { stock, type, eid: input.eid }, called);
}

type Taken = { stock: StockProfile; type: ProfileType; eid: string | undefined };

async function order(
  tx: SmdpCtx,
  { requester }: Es2Caller,
  { stock, type, eid }: Taken,
  called: CalledFunction,
): Promise<{ iccid: string }> {
  const { accountId, id: requesterId } = requester;
  const state = eid === undefined ? 'allocated' : 'linked';
  const answer = { iccid: stock.iccid };
  const call: Es2Call = { ...called, stateAfter: state, answer };
  await releaseProfiles(tx, [
    {
      stock,
      profileType: type,
      accountId,
      smdpAddress: tx.smdp.address,
      // The matching id comes with ConfirmOrder.
      delivery: 'default_smdp',
      eid: eid ?? null,
      confirmationCodeHash: null,
      expiresAt: null,
      ordered: { state, requesterId, call },
    },
  ]);
  const move = { iccid: stock.iccid, from: 'available', to: state, ...(eid && { eid }), at: tx.now } as const;
  recordMove(tx, { account_id: accountId }, move, 'profile.allocated');
  return answer;
}
