// Fulfilment: accepted orders become eSIMs and bundles, many orders or one slice of a large one per transaction.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { deliverUnits } from './deliver_units.ts';
import { type ClaimedOrder, claimLargeOrder, claimOrder, claimSmallOrders } from './fulfilment_sql.ts';
import { failOrder, moveOrders } from './move_orders.ts';
import type { Order } from './order.ts';
import { reserveForOrder, takeForOrders } from './order_stock.ts';
import { hasRemoteUnits, requestRemoteUnits } from './remote_units.ts';
import { resumeOrders } from './resume_orders.ts';
import { sliceOf, unitsOf } from './unit.ts';

/**
 * Does one round: up to 100 small orders together, and one slice of the oldest large one; an order that remote SM-DP+
 * servers have a part in is begun, and finished when that is made. Gives about how many units it touched: 0 when nothing
 * waits, `sliceUnitsMax` or more when much may wait. `smdpAddress` is the host that new activation codes name.
 */
export async function fulfilOrders(ctx: Ctx, input: { smdpAddress: string }): Promise<number> {
  const resumed = await resumeOrders(ctx);
  const small = await fulfilSmallOrders(ctx, input.smdpAddress);
  const large = await fulfilLargeOrder(ctx, input.smdpAddress);
  return resumed + small + large;
}

/** An order up to this many units is done whole in one transaction, a larger one in slices of it. */
export const sliceUnitsMax = 100;

async function fulfilSmallOrders(ctx: Ctx, smdpAddress: string): Promise<number> {
  const claimed: ClaimedOrder[] = [];
  try {
    return await write(ctx, {}, async (tx) => {
      claimed.splice(0, claimed.length, ...withinSlice(await claimSmallOrders(tx, sliceUnitsMax)));
      await fulfilTogether(tx, claimed, smdpAddress);
      return unitCountOf(claimed);
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    // One of them cannot be done: alone, each either is done or fails by itself.
    ctx.log.error({ err: error, orders: claimed.map((order) => order.id) }, 'a round of fulfilment failed');
    for (const { id } of claimed) await fulfilAlone(ctx, id, smdpAddress);
    return unitCountOf(claimed);
  }
}

function unitCountOf(orders: readonly Order[]): number {
  return orders.reduce((count, { quantity }) => count + quantity, 0);
}

/** As many orders, from the oldest, as make one slice and have the same time on their clocks. */
function withinSlice(orders: readonly ClaimedOrder[]): ClaimedOrder[] {
  let units = 0;
  return orders.filter((order) => {
    if (order.accountNow.getTime() !== orders[0]?.accountNow.getTime()) return false;
    units += order.quantity;
    return units <= sliceUnitsMax;
  });
}

async function fulfilTogether(
  wall: Ctx,
  claimed: readonly ClaimedOrder[],
  smdpAddress: string,
): Promise<void> {
  const [first] = claimed;
  if (!first) return;
  const tx = { ...wall, now: first.accountNow };
  const orders = await doStepwise(tx, claimed, smdpAddress);
  const stock = await takeForOrders(tx, orders);
  const served = orders.filter((order) => stock.has(order.id));
  await deliverUnits(tx, { smdpAddress, stock, units: served.flatMap((order) => unitsOf(order)) });
  await moveOrders(tx, [
    ...served.map((order) => ({ order, status: 'completed' as const })),
    ...orders
      .filter((order) => !stock.has(order.id))
      .map((order) => ({ order, status: 'failed' as const, failure: stockEmpty })),
  ]);
}

/** Does the next step of those that cannot be done at once, and gives the others. */
async function doStepwise(
  tx: Ctx,
  orders: readonly ClaimedOrder[],
  smdpAddress: string,
): Promise<ClaimedOrder[]> {
  const others: ClaimedOrder[] = [];
  for (const order of orders)
    if (order.status === 'fulfilling' || (await hasRemoteUnits(tx, order)))
      await fulfilSlice(tx, order, smdpAddress);
    else others.push(order);
  return others;
}

const stockEmpty = {
  code: 'stock_empty',
  detail: 'No SIM profile of the type needed was left; nothing was charged.',
} as const;

async function fulfilAlone(ctx: Ctx, id: string, smdpAddress: string): Promise<void> {
  try {
    await write(ctx, {}, async (tx) => {
      const order = await claimOrder(tx, id);
      if (order) await fulfilTogether(tx, [order], smdpAddress);
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    ctx.log.error({ err: error, orderId: id }, 'an order cannot be fulfilled');
    await failOrder(ctx, id);
  }
}

async function fulfilLargeOrder(ctx: Ctx, smdpAddress: string): Promise<number> {
  let claimed: ClaimedOrder | undefined;
  try {
    return await write(ctx, {}, async (tx) => {
      claimed = await claimLargeOrder(tx, sliceUnitsMax);
      if (!claimed) return 0;
      await fulfilSlice({ ...tx, now: claimed.accountNow }, claimed, smdpAddress);
      return sliceUnitsMax;
    });
  } catch (error) {
    if (isTransient(error) || !claimed) throw error;
    ctx.log.error({ err: error, orderId: claimed.id }, 'an order cannot be fulfilled');
    await failOrder(ctx, claimed.id);
    return 1;
  }
}

/**
 * The first round of a large order, or of one with a remote part, reserves all it needs, so that a shortage is found before
 * anything is made, and has its remote part made.
 */
async function fulfilSlice(tx: Ctx, order: Order, smdpAddress: string): Promise<void> {
  if (order.status === 'accepted') {
    if (await reserveForOrder(tx, order)) {
      const awaitsRemote = await requestRemoteUnits(tx, order);
      await moveOrders(tx, [{ order, status: 'fulfilling', awaitsRemote }]);
    } else await moveOrders(tx, [{ order, status: 'failed', failure: stockEmpty }]);
    return;
  }
  const units = sliceOf(unitsOf(order), order.fulfilled, sliceUnitsMax);
  await deliverUnits(tx, { smdpAddress, stock: 'reserved', units });
  const fulfilled = order.fulfilled + units.length;
  await moveOrders(tx, [
    { order: { ...order, fulfilled }, status: fulfilled === order.quantity ? 'completed' : 'fulfilling' },
  ]);
}

/** The database is away or busy: the order is not at fault and is tried again. */
function isTransient(error: unknown): boolean {
  return error instanceof AppError && error.code === 'unavailable';
}
