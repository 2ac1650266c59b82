// A profile that ended is offered anew, to the same eUICC or another: as if nobody had ever downloaded it.
import { AppError } from '../../../base/app_error.ts';
import { query } from '../../../pg/query.ts';
import { newMatchingId } from '../../../rsp/matching_id.ts';
import { checkAction } from './actions.ts';
import { changeProfile } from './change_profile.ts';
import { checkEid, checkFindable } from './check_eid.ts';
import { lockProfile } from './lock_profile.ts';
import type { OperatedProfile, ProfileTerms } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

export type ReleaseAgain = {
  accountId: string;
  iccid: string;
  /** The eUICC that shall have it; null for any; left out to leave that as it is. */
  eid?: string | null | undefined;
  /** True to make the activation codes that are about worthless. */
  newMatchingId?: boolean | undefined;
  /** By the account's clock, null for never; left out: as it was if that is still to come, else never. */
  expiresAt?: Date | null | undefined;
  /** The operator's word that no device holds it, where a device may by what is known here. */
  notOnDevice?: boolean | undefined;
  reason?: string | undefined;
};

/**
 * Releases a profile that was deleted, failed or withdrawn; with `notOnDevice` also one that was downloaded or
 * installed. Attempts, binding and result are forgotten; sessions that are open on it end. Throws `not_found`,
 * `invalid_request` for an EID that is none or a time that is over, and `conflict` saying what would do.
 * Call it in a `write`.
 */
export async function releaseAgain(tx: OperatorCtx, input: ReleaseAgain): Promise<OperatedProfile> {
  const profile = await lockProfile(tx, input);
  checkAction('release', profile.state, input.notOnDevice);
  const after = termsAfter(tx, profile, input);
  checkFindable(after);
  if (isOver(profile)) await query(tx.db, forgetDownloads, [profile.iccid]);
  return await changeProfile(tx, profile, {
    type: 'profile.released',
    after,
    startsAnew: true,
    endsSessions: true,
    reason: input.reason,
  });
}

function termsAfter(tx: OperatorCtx, profile: OperatedProfile, input: ReleaseAgain): ProfileTerms {
  const { eid = profile.eid } = input;
  checkEid(eid);
  return {
    state: 'released',
    eid,
    matchingId: input.newMatchingId ? newMatchingId() : profile.matchingId,
    downloadAttempts: 0,
    confirmationFailures: 0,
    expiresAt: expiryAfter(tx, profile, input),
  };
}

function expiryAfter(
  { now }: OperatorCtx,
  profile: OperatedProfile,
  { expiresAt }: ReleaseAgain,
): Date | null {
  if (expiresAt === undefined) return profile.expiresAt && profile.expiresAt > now ? profile.expiresAt : null;
  if (expiresAt === null || expiresAt > now) return expiresAt;
  throw new AppError('invalid_request', 'expiresAt: this time is over.', {
    fields: [{ field: 'expiresAt', detail: 'give a time to come, or null for never' }],
  });
}

/** It was installed once: a result of that download that arrives late says nothing of the next one. */
function isOver({ state }: OperatedProfile): boolean {
  return state === 'deleted' || state === 'installed';
}

// By the sessions, which have an index by ICCID; a result that is later than they are kept is not expected.
const forgetDownloads = `
  delete from smdp.downloads
  where transaction_id = any(array(select transaction_id from smdp.sessions where iccid = $1)) and iccid = $1`;
