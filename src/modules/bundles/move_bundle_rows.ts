// Bundles go with their eSIM to another account.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/**
 * Gives the bundles of this eSIM to another account. They can be given back no more: what was paid for them stays with
 * the account that paid. The caller holds the line. Call it in a `write`.
 */
export async function moveBundleRows(tx: Ctx, of: { esimId: string; toAccountId: string }): Promise<void> {
  await query(tx.db, moveSql, [of.esimId, of.toAccountId]);
}

const moveSql =
  'update bundles.bundles set account_id = $2, refundable_until = null where esim_id = $1 and account_id <> $2';
