// What an order that failed had already put into the inventory is taken back.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Empties the lots of this order; its hold is released by its caller. Call it in a `write`. */
export async function withdrawLots(tx: Ctx, orderId: string): Promise<void> {
  await query(tx.db, withdrawSql, [orderId, tx.now]);
}

const withdrawSql = `
  update orders.bundle_lots set remaining = 0, refundable_until = null, expired_at = coalesce(expired_at, $2)
  where order_id = $1`;
