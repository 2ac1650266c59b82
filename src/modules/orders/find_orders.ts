// Orders are found by id, or by the key they were placed with; always within one account.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { sharedRow } from '../../pg/shared_read.ts';
import type { Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';

/** The account's order with this id. Throws `not_found`. */
export async function getOrder(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  const row = await readOrderRow(ctx, of);
  if (!row) throw new AppError('not_found', 'There is no such order.');
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

/** Orders are polled: those that many ask for at once are read at once. */
const readOrderRow = sharedRow<OrderRow>('orders.orders', orderColumns);
