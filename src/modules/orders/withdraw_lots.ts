// What orders that failed had already put into the inventory is taken back.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Order } from './order.ts';

/** Empties the lots of these orders; their holds are released by the caller. Call it in a `write`, before any wallet. */
export async function withdrawLots(tx: Ctx, orders: readonly Order[]): Promise<void> {
  const ids = orders.filter(({ lines }) => lines.some(({ assign }) => !assign)).map(({ id }) => id);
  if (ids.length > 0) await query(tx.db, withdrawSql, [ids, tx.now]);
}

const withdrawSql = `
  with locked as materialized (
    select id from orders.bundle_lots where order_id = any($1) order by product_name, expires_at, id for update
  )
  update orders.bundle_lots l
  set remaining = 0, refundable_until = null, expired_at = coalesce(l.expired_at, $2)
  where l.id = any(array(select id from locked))`;
