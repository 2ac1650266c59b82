// The devices that orders are meant for, for many orders at once.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { OrderDevice } from './order.ts';

/** By the id of the order, of those of the account's orders that name a device. */
export async function findOrderDevices(
  ctx: Ctx,
  { accountId, orderIds }: { accountId: string; orderIds: readonly string[] },
): Promise<Map<string, OrderDevice>> {
  const rows = await query<{ id: string; device: OrderDevice }>(ctx.db, selectDevices, [
    accountId,
    [...new Set(orderIds)],
  ]);
  return new Map(rows.map(({ id, device }) => [id, device]));
}

const selectDevices = `
  select id, device from orders.orders where id = any($2) and account_id = $1 and device is not null`;
