// A profile gets its attempts back, and is offered again if its download had failed for good.
import { AppError } from '../../../base/app_error.ts';
import { checkAction } from './actions.ts';
import { changeProfile } from './change_profile.ts';
import { lockProfile } from './lock_profile.ts';
import type { OperatedProfile } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/**
 * Sets both counters to 0; one in `error` is `released` again, for the same eUICC. A download that is under way goes on.
 * Throws `not_found`, and `conflict` saying what would do. Call it in a `write`.
 */
export async function resetProfile(
  tx: OperatorCtx,
  input: { accountId: string; iccid: string; reason?: string | undefined },
): Promise<OperatedProfile> {
  const profile = await lockProfile(tx, input);
  checkAction('reset', profile.state);
  if (profile.state === 'error') checkInTime(tx, profile);
  const state = profile.state === 'error' ? 'released' : profile.state;
  return await changeProfile(tx, profile, {
    type: 'profile.reset',
    after: { state, downloadAttempts: 0, confirmationFailures: 0 },
    reason: input.reason,
  });
}

function checkInTime({ now }: OperatorCtx, { expiresAt }: OperatedProfile): void {
  if (expiresAt === null || expiresAt > now) return;
  throw new AppError(
    'conflict',
    'Its time to be downloaded is over. Release it again, with another expiresAt.',
  );
}
