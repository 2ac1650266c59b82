// Tells the operator of an eUICC that is refused for what it is, or for having tried too often (SGP.22 §5.3.5, point 1).
import { RspError, type RspErrorCode } from '../../../../rsp/rsp_error.ts';
import type { ProfileRow } from '../../profiles/profile.ts';
import { reportProgress } from '../../progress/report_progress.ts';
import type { SmdpCtx } from '../../smdp.ts';

/** Of these the operator who ordered the profile is told. */
const told: readonly RspErrorCode[] = [
  'profile_not_eligible',
  'euicc_memory_insufficient',
  'download_retries_exceeded',
];

/** Runs `check`, and throws what it throws after the operator's report is on disk. */
export async function tellingRefusal(
  ctx: SmdpCtx,
  { iccid, requester_id: requesterId }: ProfileRow,
  eid: string,
  check: () => void,
): Promise<void> {
  try {
    check();
  } catch (error) {
    if (requesterId !== null && error instanceof RspError && told.includes(error.code)) {
      const { code, detail } = error;
      const failure = { code, detail };
      await reportProgress(ctx, { requesterId, iccid, eid, point: 'eligibility', failure, at: ctx.now });
    }
    throw error;
  }
}
