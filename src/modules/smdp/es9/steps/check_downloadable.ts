// Whether an order may be downloaded by an eUICC now (SGP.22 §3.1.3, §5.6.3): whose it is, its state, its time, its attempts.
import { RspError } from '../../../../rsp/rsp_error.ts';
import { downloadableStates, type ProfileRow } from '../../profiles/profile.ts';
import type { SmdpCtx } from '../../smdp.ts';

/**
 * Throws RspError: bound to another EID 8.1.1/3.8, not released 8.2/1.2, expired 8.8.5/4.10, attempts used up 8.8.5/6.4,
 * in this order.
 */
export function checkDownloadable(ctx: SmdpCtx, profile: ProfileRow, eid: string): void {
  if (profile.eid !== null && profile.eid !== eid) throw new RspError('eid_mismatch');
  if (profile.state === 'unavailable' && profile.expires_at !== null)
    throw new RspError('download_order_expired');
  if (!downloadableStates.includes(profile.state)) throw new RspError('profile_not_released');
  if (profile.expires_at !== null && profile.expires_at <= ctx.now)
    throw new RspError('download_order_expired');
  if (profile.download_attempts >= ctx.smdp.settings.downloadAttemptsMax)
    throw new RspError('download_retries_exceeded');
}
