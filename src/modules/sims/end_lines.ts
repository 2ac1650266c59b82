// Lines of eSIMs that will not be are ended together.
import type { Ctx } from '../../pg/ctx.ts';
import { beginChange } from './line_change.ts';
import { lockSims } from './lock_lines.ts';
import { wantStatus } from './move_status.ts';
import { saveLines } from './save_lines.ts';

/** Ends the account's lines with these keys (see `getSim`); those on their way elsewhere too. Call it in a `write`. */
export async function endLines(tx: Ctx, of: { accountId: string; keys: readonly string[] }): Promise<void> {
  const sims = new Set((await lockSims(tx, of)).values());
  const changes = [...sims].map(beginChange);
  for (const change of changes) {
    change.sim.scheduledStatus = null;
    wantStatus(change, 'ended', tx.now);
  }
  await saveLines(tx, changes);
}
