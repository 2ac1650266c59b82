// Tells a move of a profile to the feed and to the module that follows it, in the transaction of the move.
import { assert } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { RspErrorCode } from '../../../rsp/rsp_error.ts';
import { accountTimeSql } from '../../accounts/index.ts';
import { actorName, type EventType, insertEventsSql } from '../../events/index.ts';
import { type ProgressPoint, pointOfEvent } from '../progress/progress_report.ts';
import { progressStatement } from '../progress/report_progress.ts';
import { withdrawPushOnMove } from '../push/withdraw_push.ts';
import type { Smdp } from '../smdp.ts';
import { canMove, type ProfileMove } from './profile.ts';

/** Whose profile moves, and the SM-DS that may know of it: null for none, left out where that is not known. */
export type MovedOf = { account_id: string; smds_address?: string | null };

/** What the operator is told who ordered the profile over ES2+. */
export type ToldProgress = {
  requesterId: string | null;
  /** Left out where the event says which. */
  point?: ProgressPoint;
  /** Why it failed, if it did. */
  code?: RspErrorCode;
  /** The PendingNotification as the eUICC gave it. */
  resultData?: Uint8Array;
};

/** Records `move` as an event of this type and hands it on; all of it is sent together with the commit. */
export function recordMove(
  ctx: Ctx & { smdp: Pick<Smdp, 'profileMoved'> },
  of: MovedOf,
  move: ProfileMove,
  type: EventType,
  told?: ToldProgress,
): void {
  assert(canMove(move.from, move.to), `a profile that goes from ${move.from} to ${move.to}`);
  const data = { ...(move.eid && { eid: move.eid }), ...(move.detail && { detail: move.detail }) };
  const values = [
    of.account_id,
    type,
    move.iccid,
    JSON.stringify(data),
    ctx.requestId,
    actorName(ctx.actor),
    ctx.now,
  ];
  ctx.alongCommit({ text: insertMove, values });
  const followed = ctx.smdp.profileMoved(ctx, move);
  if (followed) ctx.alongCommit(followed);
  // A profile that no SM-DS was told of has no event to take back; who does not know leaves the address out.
  if (of.smds_address !== null) withdrawPushOnMove(ctx, move);
  tellOperator(ctx, move, type, told);
}

function tellOperator(ctx: Ctx, move: ProfileMove, type: EventType, told?: ToldProgress): void {
  const point = told?.point ?? pointOfEvent[type];
  if (!told || !point) return;
  const { requesterId, code, resultData } = told;
  const { iccid, eid = null, at, detail } = move;
  const statement = progressStatement({
    requesterId,
    iccid,
    eid,
    point,
    at,
    ...(code && { failure: { code, ...(detail && { detail }) } }),
    ...(resultData && { resultData }),
  });
  if (statement) ctx.alongCommit(statement);
}

// Sessions and certificates go by the wall clock; what the account is told goes by its own.
const insertMove = insertEventsSql(
  `select $1, $2, $3, $4::jsonb, $5, $6, ${accountTimeSql('$1', '$7::timestamptz')}`,
);
