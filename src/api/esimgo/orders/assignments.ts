// What orders and applies became: each eSIM with the bundle that was ordered for it, however many there are.
import { type Esim, findEsims, listEsimsOfOrder } from '../../../modules/esims/index.ts';
import { makesEsims, type Order } from '../../../modules/orders/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import type { Call } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { failed, orderOfReference } from './order_routes.ts';
import { isUnderWay } from './wait_for_order.ts';

export type AssignmentOfOrder = { esim: Esim; bundle: string; reference: string };

/**
 * The orders with these references, each of them completed. Refuses with 400 for an unknown one and for one that came to
 * nothing, and with 503 and when to come back while one is being processed.
 */
export async function completedOrders(
  call: Pick<Call, 'ctx' | 'account' | 'reply'>,
  references: readonly string[],
): Promise<Order[]> {
  const orders: Order[] = [];
  for (const reference of references) orders.push(await orderOfReference(call, reference));
  for (const order of orders) {
    if (isUnderWay(order)) throw processing(call);
    if (order.status !== 'completed') throw failed(order);
  }
  return orders;
}

function processing({ reply }: Pick<Call, 'reply'>): EsimGoRefusal {
  reply.header('retry-after', retrySeconds);
  return new EsimGoRefusal(503, 'Processing: come back after the seconds of Retry-After.', 'processing');
}

const retrySeconds = '2';

/** The assignments of these orders, page by page, in the order of their items. */
export async function* assignmentsOf(
  ctx: Ctx,
  orders: readonly Order[],
): AsyncGenerator<AssignmentOfOrder[]> {
  for (const order of orders) yield* pagesOfOrder(ctx, order);
}

async function* pagesOfOrder(ctx: Ctx, order: Order): AsyncGenerator<AssignmentOfOrder[]> {
  const made = madeEsims(ctx, order);
  const reference = writeUuid(order.id);
  for (const line of order.lines.filter(({ assign, withLine }) => assign && withLine === null)) {
    const isNew = makesEsims(line);
    const esims = isNew ? take(made, line.quantity) : toppedUp(ctx, order, line.esimIds ?? []);
    const along = isNew ? order.lines.filter(({ withLine }) => withLine === line.requestLine) : [];
    const bundles = [line, ...along].map(({ product }) => product);
    for await (const page of esims)
      yield page.flatMap((esim) => bundles.map((bundle) => ({ esim, bundle, reference })));
  }
}

/** The new eSIMs of an order one by one, in the order in which they were made: that of its lines. */
async function* madeEsims(ctx: Ctx, { id, accountId }: Order): AsyncGenerator<Esim> {
  for (let after = ''; ; ) {
    const page = await listEsimsOfOrder(ctx, { accountId, orderId: id, after, limit: pageSize });
    yield* page;
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) return;
    after = last.id;
  }
}

async function* take(esims: AsyncGenerator<Esim>, count: number): AsyncGenerator<Esim[]> {
  let page: Esim[] = [];
  for (let taken = 0; taken < count; taken++) {
    const { value, done } = await esims.next();
    if (done === true) break;
    page.push(value);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function* toppedUp(ctx: Ctx, { accountId }: Order, ids: readonly string[]): AsyncGenerator<Esim[]> {
  for (let from = 0; from < ids.length; from += pageSize) {
    const idsOrIccids = ids.slice(from, from + pageSize);
    const byId = new Map(
      (await findEsims(ctx, { accountId, idsOrIccids })).map((esim) => [esim.id as string, esim]),
    );
    yield idsOrIccids.flatMap((id) => byId.get(id) ?? []);
  }
}

const pageSize = 500;
