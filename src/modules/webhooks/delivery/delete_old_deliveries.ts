// Deliveries are kept for thirty days after they were made, and their attempts with them.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';

/**
 * Deletes deliveries older than 30 days that are not waiting any more, in batches; gives how many. To be run once a day;
 * several at once do no harm.
 */
export async function deleteOldDeliveries(ctx: Ctx): Promise<number> {
  // Ids begin with the milliseconds of their making: the oldest rows are found without another index.
  const before = `dlv_${(ctx.now.getTime() - keptMs).toString(16).padStart(12, '0')}`;
  let total = 0;
  for (let count = batchMax; count === batchMax; total += count) {
    count = await write(ctx, {}, async (tx) => {
      const old = await query<{ id: string }>(tx.db, selectOld, [before, batchMax]);
      const ids = old.map(({ id }) => id);
      await query(tx.db, 'delete from webhooks.attempts where delivery_id = any($1)', [ids]);
      await query(tx.db, 'delete from webhooks.deliveries where id = any($1)', [ids]);
      return ids.length;
    });
  }
  return total;
}

const keptMs = 30 * 86_400_000;
const batchMax = 1_000;

const selectOld = `
  select id from webhooks.deliveries where id < $1 and state <> 'pending' order by id limit $2 for update skip locked`;
