// Forgets the sessions of ES11 that were left open, in bounded batches.

import { deleteExpiredSessions } from './sessions_sql.ts';
import type { SmdsCtx } from './smds.ts';

const batchSize = 1000;

/** Deletes all sessions that have expired and gives how many. Safe to run on every node at once. */
export async function sweepSessions(ctx: SmdsCtx): Promise<number> {
  let total = 0;
  for (let count = batchSize; count === batchSize; total += count)
    count = await deleteExpiredSessions(ctx.smds.database.relaxed, ctx.now, batchSize);
  return total;
}
