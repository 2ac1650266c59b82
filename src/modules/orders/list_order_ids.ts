// The orders of a customer by their ids alone, newest first.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** The ids of the orders that the account placed for this customer, the newest `limit` of them, up to 1,001. */
export async function listOrderIds(
  ctx: Ctx,
  { accountId, customerId, limit }: { accountId: string; customerId: string; limit: number },
): Promise<string[]> {
  const rows = await query<{ id: string }>(ctx.db, selectIds, [
    accountId,
    customerId,
    Math.min(limit, limits.listRowsMax),
  ]);
  return rows.map(({ id }) => id);
}

const selectIds = `
  select id from orders.orders where account_id = $1 and customer_id = $2 order by id desc limit $3`;
