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

/** Those of these orders that wait for a remote SM-DP+, locked. */
export async function claimAwaiting(tx: Ctx, ids: readonly string[]): Promise<ClaimedOrder[]> {
  return (await query<ClaimedRow>(tx.db, selectAwaiting, [tx.now, [...ids]])).map(readClaimed);
}

/** Lets these orders, which are held locked, go on. */
export async function letGoOn(tx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await query(tx.db, 'update orders.orders set awaits_remote = false where id = any($1)', [[...ids]]);
}

type ClaimedRow = OrderRow & { account_now: Date };

function readClaimed(row: ClaimedRow): ClaimedOrder {
  return { ...readOrder(row), accountNow: row.account_now };
}

// One that waits for a remote SM-DP+ is let go when that has settled it.
const waiting = "status in ('accepted', 'fulfilling') and not awaits_remote";
const selectOrders = `
  select ${orderColumns}, ${accountTimeSql('account_id', '$1::timestamptz')} as account_now from orders.orders`;
const select = `${selectOrders} where ${waiting}`;

const selectSmall = `${select} and quantity <= $2 order by id limit 100 for update skip locked`;
const selectLarge = `${select} and quantity > $2 order by id limit 1 for update skip locked`;
const selectAwaiting = `${selectOrders}
  where id = any($2) and status = 'fulfilling' and awaits_remote order by id for update skip locked`;
const selectOne = `${select} and id = $2 for update skip locked`;
