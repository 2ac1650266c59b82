// The event of a profile that nobody has to find any more is deleted; an SM-DS out of reach holds up nothing.
import type { Ctx } from '../../../pg/ctx.ts';
import type { ProfileState } from '../profiles/profile.ts';
import { pushOf, tellPushWaiting } from './push.ts';
import { withdrawEvents, withdrawStatement } from './smds_events_sql.ts';

/** Ends the events of these profiles, soon after the transaction. Call it in a `write`. */
export async function withdrawPush(tx: Ctx, iccids: readonly string[]): Promise<void> {
  if (iccids.length === 0) return;
  await withdrawEvents(tx.db, iccids);
  tx.afterCommit(() => tellPushWaiting(tx));
}

/** The same along with the commit, for a profile that moves to a state in which no eUICC can download it. */
export function withdrawPushOnMove(tx: Ctx, { iccid, to }: { iccid: string; to: ProfileState }): void {
  if (!ends.has(to) || !pushOf(tx)) return;
  tx.alongCommit(withdrawStatement([iccid]));
  tx.afterCommit(() => tellPushWaiting(tx));
}

// A failed installation that may be tried again leads back to `released`: then the event stays.
const ends: ReadonlySet<ProfileState> = new Set([
  'installed',
  'deleted',
  'error',
  'unavailable',
  'available',
]);
