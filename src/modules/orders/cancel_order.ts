// An order can be cancelled until fulfilment has begun: its money is released, and bundles of the inventory go back, once.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';
import { endHolds } from '../ledger/index.ts';
import { getOrder } from './find_orders.ts';
import { putBackShares } from './lot_shares.ts';
import { esimMember, type Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';
import { uncountOrders } from './volumes.ts';

/** Cancels the account's order and gives it; a cancelled one is given again. Throws `not_found`, `order_not_cancellable`. */
export async function cancelOrder(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  return await write(ctx, {}, async (tx) => {
    const [row] = await query<OrderRow>(tx.db, cancelAccepted, [of.id, of.accountId, tx.now]);
    if (!row) return await answerNotAccepted(tx, of);
    const order = readOrder(row);
    await uncountOrders(tx, [order]);
    await putBackShares(tx, order.lines);
    await endHolds(tx, [
      {
        orderId: order.id,
        accountId: order.accountId,
        currency: order.currency,
        amountMinor: order.totalMinor,
        settle: false,
      },
    ]);
    await emit(tx, {
      accountId: order.accountId,
      type: 'order.cancelled',
      resourceId: order.id,
      data: { status: 'cancelled', ...esimMember(order) },
    });
    return order;
  });
}

async function answerNotAccepted(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  const order = await getOrder(ctx, of);
  if (order.status === 'cancelled') return order;
  throw new AppError(
    'order_not_cancellable',
    `The order is ${order.status}: only an accepted one can be cancelled.`,
  );
}

const cancelAccepted = `
  update orders.orders set status = 'cancelled', ended_at = $3
  where id = $1 and account_id = $2 and status = 'accepted'
  returning ${orderColumns}`;
