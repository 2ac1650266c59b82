// Orders that waited for remote SM-DP+ servers go on when these have made all their profiles, and fail when they will not.
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { giveBackReserved } from '../inventory/index.ts';
import { listSettledOrders, type SettledOrder, takeSettledOrders } from '../remote_smdp/index.ts';
import { type ClaimedOrder, claimAwaiting, letGoOn } from './fulfilment_sql.ts';
import { moveOrders } from './move_orders.ts';

/** Gives how many orders go on or have failed. Locks: orders, then what remote servers owe them. */
export async function resumeOrders(ctx: Ctx): Promise<number> {
  const settled = await listSettledOrders(ctx);
  if (settled.length === 0) return 0;
  return await write(ctx, {}, async (tx) => {
    const orders = await claimAwaiting(tx, settled);
    const taken = await takeSettledOrders(
      tx,
      orders.map(({ id }) => id),
    );
    await letGoOn(
      tx,
      taken.filter(({ failure }) => failure === null).map(({ orderId }) => orderId),
    );
    for (const { orderId, failure } of taken)
      await failOne(
        tx,
        orders.find(({ id }) => id === orderId),
        failure,
      );
    return taken.length;
  });
}

async function failOne(
  wall: Ctx,
  order: ClaimedOrder | undefined,
  failure: SettledOrder['failure'],
): Promise<void> {
  if (!order || !failure) return;
  const tx = { ...wall, now: order.accountNow };
  await giveBackReserved(tx, order.id);
  await moveOrders(tx, [{ order, status: 'failed', failure }]);
}
