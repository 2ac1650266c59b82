// A profile that is offered is withdrawn at once, as if its time were over.
import { checkAction } from './actions.ts';
import { changeProfile } from './change_profile.ts';
import { lockProfile } from './lock_profile.ts';
import type { OperatedProfile } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/**
 * Makes a released profile `unavailable`; who asks for it is told that it has expired. Throws `not_found`, and
 * `conflict` saying what would do. Call it in a `write`.
 */
export async function expireProfile(
  tx: OperatorCtx,
  input: { accountId: string; iccid: string; reason?: string | undefined },
): Promise<OperatedProfile> {
  const profile = await lockProfile(tx, input);
  checkAction('expire', profile.state);
  const { expiresAt } = profile;
  return await changeProfile(tx, profile, {
    type: 'profile.expired',
    after: { state: 'unavailable', expiresAt: expiresAt && expiresAt < tx.now ? expiresAt : tx.now },
    endsSessions: true,
    reason: input.reason,
    detail: 'Its operator ended the offer.',
  });
}
