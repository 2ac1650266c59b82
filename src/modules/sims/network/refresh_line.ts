// A line is sent off its network, so that its device attaches again: for when data do not flow and nobody knows why.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { tell } from '../line_change.ts';
import { changeLine } from '../lock_lines.ts';
import { leaveNetwork } from '../move_status.ts';
import { hasRemoteCore } from '../sim.ts';

/**
 * Cancels the location of the account's line (see `getSim`), attached or not. Throws `not_found`, and `conflict` when
 * its mobile core is another system: none of those can be asked for this. Call it in a `write`.
 */
export async function refreshLine(tx: Ctx, input: { accountId: string; sim: string }): Promise<void> {
  await changeLine(tx, { accountId: input.accountId, key: input.sim }, (change) => {
    const { sim } = change;
    if (hasRemoteCore(sim))
      throw new AppError(
        'conflict',
        'The mobile core of this SIM cannot be asked to send it away: make it inactive and active again.',
      );
    const { attached: wasAttached, country, mcc, mnc } = sim;
    leaveNetwork(change, tx.now);
    tell(change, 'sim.refreshed', tx.now, { wasAttached, country, mcc, mnc });
  });
}
