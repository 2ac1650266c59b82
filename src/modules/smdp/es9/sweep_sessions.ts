// Forgets the RSP sessions that were left open, in bounded batches.

import type { SmdpCtx } from '../smdp.ts';
import { deleteExpiredSessions } from './sessions_sql.ts';

const batchSize = 1000;

/** Deletes all sessions that have expired and gives how many. Safe to run on every node at once. */
export async function sweepSessions(ctx: SmdpCtx): Promise<number> {
  let total = 0;
  for (let count = batchSize; count === batchSize; total += count)
    count = await deleteExpiredSessions(ctx.smdp.database.relaxed, ctx.now, batchSize);
  return total;
}
