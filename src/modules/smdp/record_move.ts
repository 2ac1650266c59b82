// Tells a move of a profile to the feed and to the module that follows it, in the transaction of the move.
import { assert } from '../../base/assert.ts';
import { type EventType, emitStatement } from '../events/index.ts';
import { canMove, type ProfileMove } from './profile.ts';
import type { SmdpCtx } from './smdp.ts';

/** Records `move` as an event of this type and hands it on; both are sent together with the commit. */
export function recordMove(ctx: SmdpCtx, accountId: string, move: ProfileMove, type: EventType): void {
  assert(canMove(move.from, move.to), `a profile that goes from ${move.from} to ${move.to}`);
  const data = { ...(move.eid && { eid: move.eid }), ...(move.detail && { detail: move.detail }) };
  ctx.alongCommit(emitStatement(ctx, { accountId, type, resourceId: move.iccid, data }));
  const followed = ctx.smdp.profileMoved(ctx, move);
  if (followed) ctx.alongCommit(followed);
}
