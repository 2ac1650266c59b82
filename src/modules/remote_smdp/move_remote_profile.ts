// A profile of a remote SM-DP+ goes to another account with its eSIM.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** What happens to this profile from now on is told to another account. Call it in a `write`. */
export async function moveRemoteProfileRow(
  tx: Ctx,
  of: { iccid: string; toAccountId: string },
): Promise<void> {
  await query(tx.db, move, [of.iccid, of.toAccountId]);
}

const move = `
  update remote_smdp.profiles set account_id = $2
  where iccid = $1 and step not in ('cancelled', 'failed')`;
