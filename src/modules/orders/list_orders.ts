// Orders are listed newest first, within one account: behind an order or in front of one, or by the number of the page.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { idPrefixes } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, type ListTexts, listTexts, queryList } from '../../pg/list.ts';
import { query } from '../../pg/query.ts';
import type { Order, OrderStatus } from './order.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';

/** A page of the account's orders. */
export async function listOrders(ctx: Ctx, filter: OrderFilter): Promise<Order[]> {
  const [{ list }, values] = textsOf(filter);
  return (await queryList<OrderRow>(ctx.db, list, values, filter)).map(readOrder);
}

/**
 * The page of this number, from 1, and how many orders there are on all of them. Its cost grows with both numbers. Throws
 * `invalid_request` for a page that cannot be.
 */
export async function listOrdersPage(ctx: Ctx, filter: NumberedPage): Promise<OrdersPage> {
  const { page, perPage } = filter;
  checkNumber('page', page, pagesMax);
  checkNumber('perPage', perPage, perPageMax);
  const [{ numbered, count }, values] = textsOf(filter);
  const rows = await query<OrderRow>(ctx.db, numbered, [...values, perPage, (page - 1) * perPage]);
  const [counted] = await query<{ rows: bigint }>(ctx.db, count, values);
  return { orders: rows.map(readOrder), rows: Number(counted?.rows ?? 0n) };
}

export type OrdersWanted = {
  accountId: string;
  status?: OrderStatus;
  reference?: string;
  /** Placed at this time or later. */
  createdFrom?: Date;
  /** Placed at this time or before. */
  createdTo?: Date;
};

export type OrderFilter = OrdersWanted & ListPage;

export type NumberedPage = OrdersWanted & {
  /** From 1 to 1,000,000. */
  page: number;
  /** From 1 to 100. */
  perPage: number;
};

export type OrdersPage = { orders: Order[]; rows: number };

const pagesMax = 1_000_000;
const perPageMax = 100;

function checkNumber(field: string, number: number, max: number): void {
  if (Number.isSafeInteger(number) && number >= 1 && number <= max) return;
  const detail = `give a whole number from 1 to ${max}`;
  throw new AppError('invalid_request', `${field}: ${detail}.`, { fields: [{ field, detail }] });
}

function textsOf(wanted: OrdersWanted): [Texts, unknown[]] {
  const { accountId, createdFrom, createdTo } = wanted;
  const given = conditions.filter((column) => wanted[column] !== undefined);
  const range = [firstIdAt(createdFrom, 0) ?? '', firstIdAt(createdTo, 1) ?? '~'];
  const values = [accountId, ...range, ...given.map((column) => wanted[column])];
  return [present(textsBy.get(given.join()), 'the texts of these conditions'), values];
}

/** Ids carry the millisecond they were made in: the place in their order before all of `time`, so many milliseconds later. */
function firstIdAt(time: Date | undefined, laterMs: number): string | undefined {
  if (time === undefined) return undefined;
  const ms = Math.min(Math.max(time.getTime() + laterMs, 0), 2 ** 48 - 1);
  return `${idPrefixes.order}_${ms.toString(16).padStart(12, '0')}`;
}

type Texts = { list: ListTexts; numbered: string; count: string };

const conditions = ['status', 'reference'] as const;
type Condition = (typeof conditions)[number];

// One for each set of conditions: without any, orders are counted in the index alone.
const textsBy: ReadonlyMap<string, Texts> = new Map(
  [[], ['status'] as const, ['reference'] as const, conditions].map((given) => [
    given.join(),
    textsFor(given),
  ]),
);

function textsFor(given: readonly Condition[]): Texts {
  const equal = given.map((column, index) => `and ${column} = $${index + 4}`).join(' ');
  const where = `from orders.orders where account_id = $1 and id >= $2 and id < $3 ${equal}`;
  const select = `select ${orderColumns} ${where}`;
  const count = given.length + 3;
  return {
    list: listTexts(select, 'id', count),
    numbered: `${select} order by id desc limit $${count + 1} offset $${count + 2}`,
    count: `select count(*) as rows ${where}`,
  };
}
