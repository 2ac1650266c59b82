// Reports and cancelled orders are kept for thirty days.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { deleteOldCancelled } from '../es2/orders_sql.ts';

/** In batches; gives how many. To be run once a day; several at once do no harm. */
export async function deleteOldReports(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.now.getTime() - keptMs);
  const deleteBatches = [
    async () => (await query(ctx.db, deleteText, [before, batchMax])).length,
    () => deleteOldCancelled(ctx.db, before, batchMax),
  ];
  let total = 0;
  for (const deleteBatch of deleteBatches)
    for (let count = batchMax; count === batchMax; total += count) count = await deleteBatch();
  return total;
}

const keptMs = 30 * 86_400_000;
const batchMax = 1_000;

const deleteText = `
  delete from smdp.progress_reports where position = any(array(
    select position from smdp.progress_reports
    where at < $1 and (sent_at is not null or gave_up_at is not null) order by at limit $2))
  returning 1`;
