// What orders need from stock, by profile type, and the getting of it: an order has all it needs, or nothing.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type Catalogue, catalogueWith } from '../catalogue/index.ts';
import {
  getProfileType,
  giveBackReserved,
  giveBackTaken,
  reserveStock,
  type StockProfile,
  takeStock,
} from '../inventory/index.ts';
import { isRemote } from '../remote_smdp/index.ts';
import { newEsimsByProfileType } from './new_esims.ts';
import type { Order } from './order.ts';

/** The SIM profiles taken for one order, by the name of their profile type. */
export type OrderStock = Map<string, StockProfile[]>;

/** Takes the stock for these orders. Those that could not be served whole are not in the answer, and hold nothing. */
export async function takeForOrders(tx: Ctx, orders: readonly Order[]): Promise<Map<string, OrderStock>> {
  const catalogue = await catalogueOf(tx, orders);
  const needs = new Map(
    orders.map((order) => [order.id as string, newEsimsByProfileType(catalogue, order.lines)]),
  );
  const stock = new Map<string, OrderStock>(orders.map((order) => [order.id, new Map()]));
  for (const name of new Set([...needs.values()].flatMap((need) => [...need.keys()]))) {
    const wants = [...stock.keys()].flatMap((orderId) => {
      const quantity = needs.get(orderId)?.get(name);
      return quantity === undefined ? [] : [{ orderId, quantity }];
    });
    const { id } = await getProfileType(tx, name);
    const taken = await takeStock(tx, id, wants);
    for (const { orderId } of wants) {
      const profiles = taken.get(orderId);
      if (profiles) present(stock.get(orderId), 'a wanting order').set(name, profiles);
      else await giveUp(tx, stock, orderId);
    }
  }
  return stock;
}

async function giveUp(tx: Ctx, stock: Map<string, OrderStock>, orderId: string): Promise<void> {
  const held = [...(stock.get(orderId)?.values() ?? [])].flat();
  stock.delete(orderId);
  await giveBackTaken(
    tx,
    held.map((profile) => profile.iccid),
  );
}

/**
 * Reserves everything of our own stock that a large order needs, or one that has to wait. False, and nothing reserved,
 * when there is too little of one type.
 */
export async function reserveForOrder(tx: Ctx, order: Order): Promise<boolean> {
  for (const [name, quantity] of newEsimsByProfileType(await catalogueOf(tx, [order]), order.lines)) {
    const profileType = await getProfileType(tx, name);
    if (isRemote(profileType)) continue;
    const { id } = profileType;
    if (await reserveStock(tx, id, { orderId: order.id, quantity })) continue;
    await giveBackReserved(tx, order.id);
    return false;
  }
  return true;
}

function catalogueOf(tx: Ctx, orders: readonly Order[]): Promise<Catalogue> {
  return catalogueWith(
    tx,
    orders.flatMap((order) => order.lines.map((line) => line.product)),
  );
}
