// Tells a move of a profile to the feed and to the module that follows it, in the transaction of the move.
import { assert } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { accountTimeSql } from '../../accounts/index.ts';
import { actorName, type EventType, insertEventsSql } from '../../events/index.ts';
import type { Smdp } from '../smdp.ts';
import { canMove, type ProfileMove } from './profile.ts';

/** Records `move` as an event of this type and hands it on; both are sent together with the commit. */
export function recordMove(
  ctx: Ctx & { smdp: Pick<Smdp, 'profileMoved'> },
  accountId: string,
  move: ProfileMove,
  type: EventType,
): void {
  assert(canMove(move.from, move.to), `a profile that goes from ${move.from} to ${move.to}`);
  const data = { ...(move.eid && { eid: move.eid }), ...(move.detail && { detail: move.detail }) };
  const values = [
    accountId,
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
}

// Sessions and certificates go by the wall clock; what the account is told goes by its own.
const insertMove = insertEventsSql(
  `select $1, $2, $3, $4::jsonb, $5, $6, ${accountTimeSql('$1', '$7::timestamptz')}`,
);
