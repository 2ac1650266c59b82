// Ends an order whose download was given up: it becomes `error` and keeps why.
import type { ProfileOwner } from '../profiles/profile.ts';
import { updateProfileFailed } from '../profiles/profiles_sql.ts';
import { recordMove, type ToldProgress } from '../profiles/record_move.ts';
import type { SmdpCtx } from '../smdp.ts';

/** Does nothing when the profile is installed by now, or belongs to another eUICC. */
export async function failDownload(
  ctx: SmdpCtx,
  { iccid, eid }: ProfileOwner,
  reason: string,
  told: Omit<ToldProgress, 'requesterId'> = {},
): Promise<void> {
  const result = { outcome: 'failed', reason };
  const moved = await updateProfileFailed(ctx.db, { iccid, eid, result });
  if (!moved) return;
  const move = { iccid, from: moved.from, to: 'error', eid, at: ctx.now, detail: reason } as const;
  // What comes after the package was delivered is its installation, what comes before is its delivery.
  const point = moved.from === 'downloaded' ? 'installation' : 'packageDelivered';
  recordMove(ctx, moved, move, 'profile.download_failed', {
    requesterId: moved.requester_id,
    point,
    code: 'euicc_refused',
    ...told,
  });
}
