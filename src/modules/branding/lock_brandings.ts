// Changes of the brandings of one account go one after the other.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Waits until nobody else changes brandings of this account. Call it in a `write`, before anything else is locked. */
export async function lockBrandings(tx: Ctx, accountId: string): Promise<void> {
  await query(tx.db, lockText, [accountId]);
}

const lockText = `select pg_advisory_xact_lock(hashtextextended('branding.brandings ' || $1::text, 0))`;
