// A line is switched off and on again, whatever kind of service it had: repeating it changes nothing.
import type { Ctx } from '../../pg/ctx.ts';
import { changeLine } from './lock_lines.ts';
import { wantStatus } from './move_status.ts';
import { isInService } from './sim.ts';

/**
 * Suspends the account's line (see `getSim`), or has it in service again; one that is ready stays so. Throws `not_found`,
 * `status_not_allowed` for a line that has ended, and `status_scheduled` while it is on its way elsewhere. Call it in a
 * `write`.
 */
export async function switchLine(
  tx: Ctx,
  { accountId, sim, on }: { accountId: string; sim: string; on: boolean },
): Promise<void> {
  await changeLine(tx, { accountId, key: sim }, (change) => {
    const status = change.sim.scheduledStatus ?? change.sim.status;
    if (on && isInService({ status })) return;
    wantStatus(change, on ? 'active' : 'inactive', tx.now);
  });
}
