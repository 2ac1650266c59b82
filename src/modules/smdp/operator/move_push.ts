// The event of a profile at an SM-DS goes where the profile goes.
import { present } from '../../../base/assert.ts';
import { rebindPush } from '../push/rebind_push.ts';
import { registerPush } from '../push/register_push.ts';
import { withdrawPush } from '../push/withdraw_push.ts';
import type { OperatedProfile, ProfileTerms } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/**
 * Registers, moves or ends the event as `after` wants it, and gives the matching id that the profile has by then: it is
 * the id of the event, and for another EID there is another event. Call it in a `write`, when `after` is written.
 */
export async function movePush(
  tx: OperatorCtx,
  { iccid, smdsAddress, smdpAddress: rspServerAddress, ...before }: OperatedProfile,
  after: ProfileTerms,
): Promise<string | null> {
  const { eid, matchingId } = after;
  if (smdsAddress === null || (before.state === after.state && before.eid === eid)) return matchingId;
  if (after.state !== 'released' || eid === null) {
    await withdrawPush(tx, [iccid]);
    return matchingId;
  }
  if (matchingId !== null && before.eid === eid && before.matchingId === matchingId) {
    await registerPush(tx, [{ iccid, eid, eventId: matchingId, smdsAddress, rspServerAddress }]);
    return matchingId;
  }
  return present(await rebindPush(tx, { iccid, eid }), 'the event of a released profile').matchingId;
}
