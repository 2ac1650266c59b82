// What an order became: its eSIM, and the subscriptions on it.
import { findBundleIds } from '../../../modules/bundles/index.ts';
import { type Esim, findEsimOfId, listEsimsOfOrder } from '../../../modules/esims/index.ts';
import { esimIdOf, type Order } from '../../../modules/orders/index.ts';
import type { Ctx } from '../../http/core.ts';

export type Outcome = {
  esim: Esim;
  /** False: the eSIM was there before. */
  isNew: boolean;
  /** In the order in which they were asked for. */
  subscriptionIds: readonly string[];
};

/**
 * Undefined before the order is completed, and for one that has no eSIM. Orders of several, which only other doors place,
 * show their first.
 */
export async function loadOutcome(ctx: Ctx, order: Order): Promise<Outcome | undefined> {
  if (order.status !== 'completed') return undefined;
  const toppedUp = order.lines.find(({ esimIds }) => esimIds !== null)?.esimIds?.[0];
  const isNew = toppedUp === undefined;
  const esimId = toppedUp ?? esimIdOf(order) ?? (await firstEsimId(ctx, order));
  if (esimId === undefined) return undefined;
  const { accountId, id: orderId } = order;
  const [esim, subscriptionIds] = await Promise.all([
    findEsimOfId(ctx, { accountId, id: esimId }),
    findBundleIds(ctx, { accountId, orderId, esimId }),
  ]);
  return esim && { esim, isNew, subscriptionIds };
}

async function firstEsimId(ctx: Ctx, { accountId, id: orderId }: Order): Promise<string | undefined> {
  const [first] = await listEsimsOfOrder(ctx, { accountId, orderId, limit: 1 });
  return first?.id;
}
