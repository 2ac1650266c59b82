// A profile that nobody downloaded yet is given to another eUICC, or to whichever asks first.
import type { ProfileState } from '../profiles/profile.ts';
import { checkAction } from './actions.ts';
import { changeProfile } from './change_profile.ts';
import { checkEid, checkFindable } from './check_eid.ts';
import { lockProfile } from './lock_profile.ts';
import type { OperatedProfile } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/**
 * Binds a profile up to `released` to this EID, or with null to none. Sessions that are open on it end; counters stay.
 * Throws `not_found`, `invalid_request` for what is no EID, and `conflict` saying what would do. Call it in a `write`.
 */
export async function rebindProfile(
  tx: OperatorCtx,
  input: { accountId: string; iccid: string; eid: string | null; reason?: string | undefined },
): Promise<OperatedProfile> {
  const { eid } = input;
  checkEid(eid);
  const profile = await lockProfile(tx, input);
  checkAction('rebind', profile.state);
  if (profile.eid === eid) return profile;
  if (profile.state !== 'allocated' && profile.state !== 'linked') checkFindable({ ...profile, eid });
  return await changeProfile(tx, profile, {
    type: 'profile.rebound',
    after: { eid, state: stateWith(eid, profile.state) },
    endsSessions: true,
    reason: input.reason,
  });
}

/** Before it is confirmed, its state says whether it has an EID (SGP.22 §3.1.6). */
function stateWith(eid: string | null, state: ProfileState): ProfileState {
  if (state !== 'allocated' && state !== 'linked') return state;
  return eid === null ? 'allocated' : 'linked';
}
