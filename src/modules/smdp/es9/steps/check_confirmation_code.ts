// The confirmation code of a download (SGP.22 §3.1.3, §5.6.2): never judged more often than allowed.
import { isConfirmationCode } from '../../../../rsp/confirmation_code.ts';
import { RspError } from '../../../../rsp/rsp_error.ts';
import type { ProfileRow } from '../../profiles/profile.ts';
import type { SmdpCtx } from '../../smdp.ts';

/** Refuses an order whose code was wrong too often: RspError 8.2.7/6.4. */
export function checkCodeAttemptsLeft(ctx: SmdpCtx, profile: ProfileRow): void {
  if (profile.confirmation_failures >= ctx.smdp.settings.confirmationAttemptsMax)
    throw new RspError('confirmation_code_retries_exceeded');
}

/**
 * True when no code is needed, or the right one was given. The profile must be locked, so that guesses made at the
 * same time are judged one after the other. Throws RspError 8.2.7/2.2 when the code is missing: that is no attempt.
 */
export function isConfirmed(ctx: SmdpCtx, profile: ProfileRow, asked: AskedCode): boolean {
  if (profile.confirmation_code === null) return true;
  if (!asked.hashCc) throw new RspError('confirmation_code_missing');
  const codeHash = ctx.vault.open(profile.confirmation_code, profile.iccid);
  return isConfirmationCode(asked.hashCc, codeHash, asked.transactionId);
}

export type AskedCode = { transactionId: Uint8Array; hashCc?: Uint8Array | undefined };
