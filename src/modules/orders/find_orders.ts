// Orders are found by id, or by the key they were placed with; always within one account.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { sharedRead } from '../../pg/shared_read.ts';
import type { Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';

/** The account's order with this id. Throws `not_found`. */
export async function getOrder(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  const row = await readOrderRow(ctx, of);
  if (row.id === null) throw new AppError('not_found', 'There is no such order.');
  return readOrder(row);
}

/** The order that was placed with this Idempotency-Key, and the hash of what it was placed with. */
export async function findOrderOfKey(
  ctx: Ctx,
  of: { accountId: string; idempotencyKey?: string },
): Promise<OrderOfKey | undefined> {
  if (of.idempotencyKey === undefined) return undefined;
  const [row] = await query<OrderRow & { input_hash: Buffer }>(ctx.db, selectOfKey, [
    of.accountId,
    of.idempotencyKey,
  ]);
  return row && { order: readOrder(row), inputHash: row.input_hash };
}

export type OrderOfKey = { order: Order; inputHash: Uint8Array };

const selectOfKey = `select ${orderColumns}, input_hash from orders.orders where account_id = $1 and idempotency_key = $2`;

const selectOrders = `
  select ${orderColumns}
  from unnest((select $1::text[]), (select $2::text[])) with ordinality as wanted (order_id, of_account, place)
  left join lateral (
    select ${orderColumns} from orders.orders where id = wanted.order_id and account_id = wanted.of_account
  ) as found on true
  order by place`;

/** Orders are polled: those that many ask for at once are read at once. */
const readOrderRow = sharedRead<{ accountId: string; id: string }, OrderRow | { id: null }>(selectOrders, [
  'id',
  'accountId',
]);
