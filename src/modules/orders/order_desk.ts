// The order desk of this process: orders that arrive while a statement is in flight share the next one and its commit.
import { AppError } from '../../base/app_error.ts';
import { createBatcher } from '../../base/batcher.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { acceptOrders, type OrderToAccept, type Verdict } from './accept_orders_sql.ts';

/** Hands an order in, and gives the verdict once it is on disk. Throws `unavailable` when too many wait. */
export function submitOrder(ctx: Ctx, order: OrderToAccept): Promise<Exclude<Verdict, 'again'>> {
  return deskOf(ctx).submit(order);
}

/** Calls `listener` whenever this process accepted orders. */
export function onOrdersAccepted(ctx: Ctx, listener: () => void): void {
  deskOf(ctx).listeners.push(listener);
}

type FinalVerdict = Exclude<Verdict, 'again'>;

type Desk = { submit: (order: OrderToAccept) => Promise<FinalVerdict>; listeners: (() => void)[] };

const batchMax = 1_000;
const waitingMax = 10_000;

// Keyed by the vault: one desk per running process.
const desks = new WeakMap<Ctx['vault'], Desk>();

function deskOf(ctx: Ctx): Desk {
  const known = desks.get(ctx.vault);
  if (known) return known;
  const listeners: Desk['listeners'] = [];
  const overload = () =>
    new AppError('unavailable', 'Too many orders are waiting: try again.', { retryAfterSeconds: 1 });
  const submit = createBatcher<OrderToAccept, FinalVerdict>(
    { batchMax, inFlightMax: 1, waitingMax, overload },
    async (orders) => {
      const verdicts = await decideAll(ctx, orders);
      if (verdicts.includes('accepted')) for (const listener of listeners) listener();
      return verdicts;
    },
  );
  const desk = { submit, listeners };
  desks.set(ctx.vault, desk);
  return desk;
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
