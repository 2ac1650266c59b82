// An order can be cancelled until fulfilment has begun, and while it waits for a remote SM-DP+: its money is released, and bundles of the inventory go back, once.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';
import { giveBackReserved } from '../inventory/index.ts';
import { endHolds } from '../ledger/index.ts';
import { cancelRemoteProfiles } from '../remote_smdp/index.ts';
import { getOrder } from './find_orders.ts';
import { putBackShares } from './lot_shares.ts';
import { esimMember, type Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';
import { uncountOrders } from './volumes.ts';

/** Cancels the account's order and gives it; a cancelled one is given again. Throws `not_found`, `order_not_cancellable`. */
export async function cancelOrder(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  return await write(ctx, {}, async (tx) => {
    const [row] = await query<CancelledRow>(tx.db, cancelWaiting, [of.id, of.accountId, tx.now]);
    if (!row) return await answerNotWaiting(tx, of);
    const order = readOrder(row);
    if (row.awaits_remote) {
      await giveBackReserved(tx, order.id);
      await cancelRemoteProfiles(tx, order.id);
    }
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

type CancelledRow = OrderRow & { awaits_remote: boolean };

async function answerNotWaiting(ctx: Ctx, of: { accountId: string; id: string }): Promise<Order> {
  const order = await getOrder(ctx, of);
  if (order.status === 'cancelled') return order;
  throw new AppError(
    'order_not_cancellable',
    `The order is ${order.status}: only one that is accepted, or waits for a remote SM-DP+, can be cancelled.`,
  );
}

const cancelWaiting = `
  update orders.orders set status = 'cancelled', ended_at = $3
  where id = $1 and account_id = $2 and (status = 'accepted' or (status = 'fulfilling' and awaits_remote))
  returning ${orderColumns}, awaits_remote`;
