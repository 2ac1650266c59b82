// eSIMs and the open orders for one are found and listed as one: none is missed or seen twice while it is being made.
import { AppError } from '../../base/app_error.ts';
import { type Id, idPrefixes } from '../../base/ids.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, type ListTexts, listTexts, queryList } from '../../pg/list.ts';
import { mergedTexts } from '../../pg/merged_list.ts';
import { query } from '../../pg/query.ts';
import { esimStates, findEsims, listEsims } from '../esims/index.ts';
import { type OrderRow, orderColumns, readOrder } from './order_row.ts';
import { type OrderedEsim, type OrderedEsimStatus, orderedEsimOf, readOrderedEsim } from './ordered_esim.ts';

/** The account's eSIM with this id, ordered or there; no SIM cards. Throws `not_found`. */
export async function getOrderedEsim(ctx: Ctx, of: { accountId: string; id: string }): Promise<OrderedEsim> {
  // An order that has become an eSIM between the first two questions is found by the third.
  const found = (await findMade(ctx, of)) ?? (await findOpen(ctx, of)) ?? (await findMade(ctx, of));
  if (!found) throw new AppError('not_found', 'There is no such eSIM.');
  return found;
}

/** A page of the account's eSIMs, ordered or there, newest first; no SIM cards. */
export async function listOrderedEsims(ctx: Ctx, filter: OrderedEsimFilter): Promise<OrderedEsim[]> {
  // Orders first: one that becomes an eSIM in between is in both lists then, instead of in none.
  const open = await listOpen(ctx, filter);
  const made = await listMade(ctx, filter);
  const byId = new Map([...open, ...made].map((each) => [each.id, each]));
  const newestFirst = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.listRowsMax);
  return filter.after === undefined ? newestFirst.slice(0, limit) : newestFirst.slice(-limit);
}

export type OrderedEsimFilter = ListPage & {
  accountId: string;
  eid?: string;
  /** Any of these; all if left out. */
  statuses?: readonly OrderedEsimStatus[];
};

async function findMade(
  ctx: Ctx,
  { accountId, id }: { accountId: string; id: string },
): Promise<OrderedEsim | undefined> {
  const [esim] = await findEsims(ctx, { accountId, idsOrIccids: [id] });
  return esim && esim.id === id && esim.origin !== 'card' ? readOrderedEsim(esim) : undefined;
}

async function findOpen(
  ctx: Ctx,
  { accountId, id }: { accountId: string; id: string },
): Promise<OrderedEsim | undefined> {
  const [row] = await query<OrderRow>(ctx.db, selectOpenById, [accountId, orderIdOf(id)]);
  return row && orderedEsimOf(readOrder(row));
}

async function listMade(ctx: Ctx, { statuses, ...filter }: OrderedEsimFilter): Promise<OrderedEsim[]> {
  const states = statuses && esimStates.filter((state) => statuses.includes(state));
  if (states?.length === 0) return [];
  const esims = await listEsims(ctx, { ...filter, ...(states && { states }), noCards: true });
  return esims.map(readOrderedEsim);
}

async function listOpen(
  ctx: Ctx,
  { accountId, eid, statuses = openStatuses, before, after, ...page }: OrderedEsimFilter,
): Promise<OrderedEsim[]> {
  const [waiting, ended] = openStatuses.map((status) => statuses.includes(status));
  if (!waiting && !ended) return [];
  const place = {
    ...(before !== undefined && { before: orderIdOf(before) }),
    ...(after !== undefined && { after: orderIdOf(after) }),
  };
  const values = [accountId, waiting, ended];
  const rows = await (eid === undefined
    ? queryList<OrderRow>(ctx.db, open, values, { ...page, ...place })
    : queryList<OrderRow>(ctx.db, openOfEid, [...values, eid], { ...page, ...place }));
  return rows.map((row) => orderedEsimOf(readOrder(row)));
}

/** As which statuses open orders appear. */
const openStatuses = ['reserving', 'failed'] as const;

/** The order with the number of this eSIM. */
function orderIdOf(esimId: string): Id<'order'> {
  return `${idPrefixes.order}${esimId.slice(idPrefixes.esim.length)}` as Id<'order'>;
}

// As paths, whose share of the rows the planner knows: taken for rare, it would rather sort than go by the index.
// The second is about the lines behind the first, where there are any: all of them go with it.
const isForNewEsim = `
  not lines @? '$[0] ? (@.assign == false || @.esimIds.type() == "array" || @.quantity > 1)'
  and not lines @? '$[1 to last] ? (!exists(@.withLine))'`;

/** More lines than an order may have: a loose bound, in the indexes too, that keeps the large orders out of them. */
const unitsMax = limits.linesPerOrderMax;

const selectOpen = `
  select ${orderColumns} from orders.orders
  where account_id = $1 and status <> 'completed' and quantity <= ${unitsMax} and ${isForNewEsim}`;

const selectOpenById = `${selectOpen} and id = $2`;

/** Those that wait are few, those that ended may be many: each kind is read by itself, as its index has it. */
function openTexts(condition: string, given: number): ListTexts {
  const lists = [
    `${selectOpen} and status in ('accepted', 'fulfilling') and not awaits_remote and $2::boolean ${condition}`,
    `${selectOpen} and status = 'fulfilling' and awaits_remote and $2::boolean ${condition}`,
    `${selectOpen} and status in ('failed', 'cancelled') and $3::boolean ${condition}`,
  ];
  return mergedTexts(
    lists.map((select) => listTexts(select, 'id', given)),
    'id',
    given,
  );
}

const open = openTexts('', 3);
const openOfEid = openTexts("and lines->0->>'eid' = $4", 4);
