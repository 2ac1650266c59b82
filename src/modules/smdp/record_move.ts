// Tells a move of a profile to the feed and to the module that follows it, in the transaction of the move.
import { assert } from '../../base/assert.ts';
import { type EventType, emit } from '../events/index.ts';
import { canMove, type ProfileMove } from './profile.ts';
import type { SmdpCtx } from './smdp.ts';

/** Hands `move` on, and records it as an event of this type together with those of who follows. */
export async function recordMove(
  ctx: SmdpCtx,
  accountId: string,
  move: ProfileMove,
  type: EventType,
): Promise<void> {
  assert(canMove(move.from, move.to), `a profile that goes from ${move.from} to ${move.to}`);
  const data = { ...(move.eid && { eid: move.eid }), ...(move.detail && { detail: move.detail }) };
  const followed = await ctx.smdp.profileMoved(ctx, move);
  await emit(ctx, { accountId, type, resourceId: move.iccid, data }, ...followed);
}
