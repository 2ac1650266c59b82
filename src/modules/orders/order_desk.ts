// The order desk of this process: orders that arrive while a statement is in flight share the next one and its commit.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { createBatcher } from '../../base/batcher.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { acceptOrders, type OrderToAccept, type Verdict } from './accept_orders_sql.ts';

/**
 * Hands an order in, and gives the verdict once it is on disk. In a transaction the order shares its fate instead of a
 * batch. Throws `unavailable` when too many wait.
 */
export function submitOrder(ctx: Ctx, order: OrderToAccept): Promise<FinalVerdict> {
  return ctx.db.isTransaction ? decideWithin(ctx, order) : deskOf(ctx)(order);
}

/** Calls `listener` whenever this process accepted orders. */
export function onOrdersAccepted(ctx: Ctx, listener: () => void): void {
  listenersOf(ctx).push(listener);
}

/** What a caller is told in the end. */
export type FinalVerdict = Exclude<Verdict, 'again'>;

type Desk = (order: OrderToAccept) => Promise<FinalVerdict>;

const batchMax = 1_000;
const waitingMax = 10_000;

// Keyed by the vault: one desk per running process, and its listeners.
const desks = new WeakMap<Ctx['vault'], Desk>();
const listenersBy = new WeakMap<Ctx['vault'], (() => void)[]>();

function deskOf(ctx: Ctx): Desk {
  const known = desks.get(ctx.vault);
  if (known) return known;
  const overload = () =>
    new AppError('unavailable', 'Too many orders are waiting: try again.', { retryAfterSeconds: 1 });
  const desk = createBatcher<OrderToAccept, FinalVerdict>(
    { batchMax, inFlightMax: 1, waitingMax, overload },
    async (orders) => {
      const verdicts = await decideAll(ctx, orders);
      if (verdicts.includes('accepted')) tellListeners(ctx);
      return verdicts;
    },
  );
  desks.set(ctx.vault, desk);
  return desk;
}

function listenersOf({ vault }: Ctx): (() => void)[] {
  const listeners = listenersBy.get(vault) ?? [];
  listenersBy.set(vault, listeners);
  return listeners;
}

function tellListeners(ctx: Ctx): void {
  for (const listener of listenersOf(ctx)) listener();
}

async function decideWithin(tx: Ctx, order: OrderToAccept): Promise<FinalVerdict> {
  const [verdict] = await decideTogether(tx, [order]);
  if (verdict === 'accepted') tx.afterCommit(() => tellListeners(tx));
  return present(verdict, 'a verdict on an order');
}

/** One statement for all; alone each if that fails, so that an order the database refuses does not fail its neighbours. */
async function decideAll(ctx: Ctx, orders: readonly OrderToAccept[]): Promise<(FinalVerdict | Error)[]> {
  try {
    return await decideTogether(ctx, orders);
  } catch (error) {
    if (orders.length === 1) return [error as Error];
    const alone: (FinalVerdict | Error)[] = [];
    for (const order of orders) alone.push(await decideAlone(ctx, order));
    return alone;
  }
}

async function decideAlone(ctx: Ctx, order: OrderToAccept): Promise<FinalVerdict | Error> {
  try {
    return (await decideTogether(ctx, [order]))[0] as FinalVerdict;
  } catch (error) {
    return error as Error;
  }
}

/**
 * Runs the statement until each order is decided. An order of the same key as an earlier one in the batch waits for
 * the next run, where it is seen; so does one whose verdict depended on a refused one. Each run decides at least one.
 */
async function decideTogether(ctx: Ctx, orders: readonly OrderToAccept[]): Promise<FinalVerdict[]> {
  const verdicts: (FinalVerdict | undefined)[] = new Array(orders.length);
  let open = [...orders.keys()];
  while (open.length > 0) {
    const now = firstOfEachKey(orders, open);
    const decided = await acceptOrders(
      ctx,
      now.map((index) => orders[index] as OrderToAccept),
    );
    for (const [place, verdict] of decided.entries())
      if (verdict !== 'again') verdicts[now[place] as number] = verdict;
    open = open.filter((index) => verdicts[index] === undefined);
  }
  return verdicts as FinalVerdict[];
}

function firstOfEachKey(orders: readonly OrderToAccept[], open: readonly number[]): number[] {
  const keys = new Set<string>();
  return open.filter((index) => {
    const { order, idempotencyKey } = orders[index] as OrderToAccept;
    if (idempotencyKey === null) return true;
    const key = `${order.accountId} ${idempotencyKey}`;
    return !keys.has(key) && keys.add(key);
  });
}
