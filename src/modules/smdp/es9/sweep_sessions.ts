// Ends the RSP sessions that were left open and forgets those that ended long ago, in bounded batches.

import type { SmdpCtx } from '../smdp.ts';
import { deleteEndedSessions, endExpiredSessions } from './sessions_sql.ts';

const batchSize = 1000;
const keptMs = 30 * 24 * 3600 * 1000;

/** Ends all sessions that have expired, deletes what ended 30 days ago, and gives how many. Safe on every node at once. */
export async function sweepSessions(ctx: SmdpCtx): Promise<number> {
  const { relaxed } = ctx.smdp.database;
  const keptSince = new Date(ctx.now.getTime() - keptMs);
  const ended = await inBatches(() => endExpiredSessions(relaxed, ctx.now, batchSize));
  return ended + (await inBatches(() => deleteEndedSessions(relaxed, keptSince, batchSize)));
}

async function inBatches(sweep: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let count = batchSize; count === batchSize; total += count) count = await sweep();
  return total;
}
