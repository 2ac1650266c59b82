// A small order is waited for: clients read its eSIMs from the answer to their order.
import { setTimeout as sleep } from 'node:timers/promises';
import { getOrder, type Order } from '../../../modules/orders/index.ts';
import type { Ctx } from '../../http/core.ts';

/** The order once it has ended; as it is by then when it is large, or takes longer than eight seconds. */
export async function waitForOrder(ctx: Ctx, order: Order): Promise<Order> {
  if (order.quantity > waitedForMax) return order;
  let current = order;
  for (let waitedMs = 0; isUnderWay(current) && waitedMs < waitMsMax; ) {
    const waitMs = waitedMs < 200 ? 15 : 100;
    await sleep(waitMs);
    waitedMs += waitMs;
    current = await getOrder(ctx, { accountId: order.accountId, id: order.id });
  }
  return current;
}

export function isUnderWay({ status }: Pick<Order, 'status'>): boolean {
  return status === 'accepted' || status === 'fulfilling';
}

/** Bundles; an order of more is processed in the background, as the vendor does. */
const waitedForMax = 5;
const waitMsMax = 8_000;
