// What an order became: its eSIM, and the subscriptions on it.
import { type Bundle, listBundlesPage } from '../../../modules/bundles/index.ts';
import { type Esim, findEsims, listEsimsOfOrder } from '../../../modules/esims/index.ts';
import { esimIdOf, type Order } from '../../../modules/orders/index.ts';
import type { Ctx } from '../../http/core.ts';

export type Outcome = {
  esim: Esim;
  /** False: the eSIM was there before. */
  isNew: boolean;
  /** In the order in which they were asked for. */
  subscriptions: readonly Bundle[];
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
  const { accountId, id } = order;
  const page = { page: 0, perPage: subscriptionsMax };
  const [[esim], { bundles }] = await Promise.all([
    findEsims(ctx, { accountId, idsOrIccids: [esimId] }),
    listBundlesPage(ctx, { accountId, orderIds: [id], esimId, ...page }),
  ]);
  // Ids are given in the order of the lines.
  return esim && { esim, isNew, subscriptions: bundles.reverse() };
}

const subscriptionsMax = 100;

async function firstEsimId(ctx: Ctx, { accountId, id: orderId }: Order): Promise<string | undefined> {
  const [first] = await listEsimsOfOrder(ctx, { accountId, orderId, limit: 1 });
  return first?.id;
}
