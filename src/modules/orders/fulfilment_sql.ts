// Orders that wait are claimed by locking their rows: another node skips them, and a node that dies lets them go.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { accountTimeSql } from '../accounts/index.ts';
import type { Order } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';

/** A waiting order, its row locked, and the time on its account's clock. */
export type ClaimedOrder = Order & { accountNow: Date };

/** The oldest waiting orders that one transaction can do whole, up to 100, locked. */
export async function claimSmallOrders(tx: Ctx, unitsMax: number): Promise<ClaimedOrder[]> {
  return (await query<ClaimedRow>(tx.db, selectSmall, [tx.now, unitsMax])).map(readClaimed);
}

/** The oldest waiting order of more units than that, locked. */
export async function claimLargeOrder(tx: Ctx, unitsMax: number): Promise<ClaimedOrder | undefined> {
  const [row] = await query<ClaimedRow>(tx.db, selectLarge, [tx.now, unitsMax]);
  return row && readClaimed(row);
}

/** This order, locked, if it still waits and nobody else has it. */
export async function claimOrder(tx: Ctx, id: string): Promise<ClaimedOrder | undefined> {
  const [row] = await query<ClaimedRow>(tx.db, selectOne, [tx.now, id]);
  return row && readClaimed(row);
}

type ClaimedRow = OrderRow & { account_now: Date };

function readClaimed(row: ClaimedRow): ClaimedOrder {
  return { ...readOrder(row), accountNow: row.account_now };
}

const waiting = "status in ('accepted', 'fulfilling')";
const select = `
  select ${orderColumns}, ${accountTimeSql('account_id', '$1::timestamptz')} as account_now
  from orders.orders where ${waiting}`;

const selectSmall = `${select} and quantity <= $2 order by id limit 100 for update skip locked`;
const selectLarge = `${select} and quantity > $2 order by id limit 1 for update skip locked`;
const selectOne = `${select} and id = $2 for update skip locked`;
