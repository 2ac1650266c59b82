// Orders that wait are claimed by locking their rows: another node skips them, and a node that dies lets them go.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';

/** The oldest waiting orders that one transaction can do whole, up to 100, locked. */
export async function claimSmallOrders(tx: Ctx, unitsMax: number): Promise<Order[]> {
  return (await query<OrderRow>(tx.db, selectSmall, [unitsMax])).map(readOrder);
}

/** The oldest waiting order of more units than that, locked. */
export async function claimLargeOrder(tx: Ctx, unitsMax: number): Promise<Order | undefined> {
  const [row] = await query<OrderRow>(tx.db, selectLarge, [unitsMax]);
  return row && readOrder(row);
}

/** This order, locked, if it still waits and nobody else has it. */
export async function claimOrder(tx: Ctx, id: string): Promise<Order | undefined> {
  const [row] = await query<OrderRow>(tx.db, selectOne, [id]);
  return row && readOrder(row);
}

const waiting = "status in ('accepted', 'fulfilling')";

const selectSmall = `
  select ${orderColumns} from orders.orders where ${waiting} and quantity <= $1
  order by id limit 100 for update skip locked`;

const selectLarge = `
  select ${orderColumns} from orders.orders where ${waiting} and quantity > $1
  order by id limit 1 for update skip locked`;

const selectOne = `select ${orderColumns} from orders.orders where ${waiting} and id = $1 for update skip locked`;
