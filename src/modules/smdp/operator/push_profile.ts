// A profile is pushed to an eUICC: bound to its EID, and announced at the SM-DS so that its device finds it without a code.
import { query } from '../../../pg/query.ts';
import { defaultSmdsAddress } from '../push/push.ts';
import { registerPush } from '../push/register_push.ts';
import { getProfile } from './find_profiles.ts';
import { lockProfile } from './lock_profile.ts';
import type { OperatedProfile } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';
import { rebindProfile } from './rebind_profile.ts';
import { releaseAgain } from './release_again.ts';

/**
 * Binds a released profile to this EID, or releases a deleted one again for it, and registers its event anew even for the
 * EID that it has. One that had no event before keeps its matching id. Without an SM-DS, and for a profile that its eUICC
 * finds at its default SM-DP+, it is bound only. Throws `not_found`, `invalid_request` for what is no EID, and `conflict`
 * saying what would do. Call it in a `write`.
 */
export async function pushProfile(
  tx: OperatorCtx,
  of: { accountId: string; iccid: string; eid: string; reason?: string | undefined },
): Promise<OperatedProfile> {
  const before = await lockProfile(tx, of);
  const after = await (before.state === 'deleted' ? releaseAgain : rebindProfile)(tx, of);
  if (after.state !== 'released' || isAnnounced(before, after)) return after;
  return await announce(tx, after, of.eid);
}

/** What moved an event to another EID, or offered a profile that has one again, has registered it. */
function isAnnounced(before: OperatedProfile, after: OperatedProfile): boolean {
  return before.smdsAddress !== null && (before.eid !== after.eid || before.state !== after.state);
}

async function announce(tx: OperatorCtx, profile: OperatedProfile, eid: string): Promise<OperatedProfile> {
  const { accountId, iccid, matchingId, smdpAddress: rspServerAddress } = profile;
  const smdsAddress = profile.smdsAddress ?? defaultSmdsAddress(tx);
  if (smdsAddress === undefined || matchingId === null) return profile;
  await query(tx.db, 'update smdp.profiles set smds_address = $2 where iccid = $1', [iccid, smdsAddress]);
  await registerPush(tx, [{ iccid, eid, eventId: matchingId, smdsAddress, rspServerAddress }]);
  return await getProfile(tx, { accountId, iccid });
}
