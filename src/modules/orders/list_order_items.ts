// What became of the lines of an order: the eSIMs of each, those that were topped up and those that were made.
import type { Ctx } from '../../pg/ctx.ts';
import { type Esim, findEsims, listEsimsOfOrder } from '../esims/index.ts';
import type { Order, OrderLine } from './order.ts';

/**
 * The lines of the account's order with the eSIMs that they are for, in the order of the line. New eSIMs are there when
 * they are made: none of an order that waits. `lineIndex` is the line of the request, which two of these may share.
 */
export async function listOrderItems(
  ctx: Ctx,
  { accountId, order }: { accountId: string; order: Order },
): Promise<OrderItem[]> {
  const made = await findMade(ctx, accountId, order);
  const toppedUp = await findToppedUp(ctx, accountId, order);
  return order.lines.map((line) => ({
    line,
    lineIndex: line.requestLine,
    esims: isForNew(line)
      ? made.splice(0, line.quantity)
      : (line.esimIds ?? []).flatMap((id) => toppedUp.get(id) ?? []),
  }));
}

export type OrderItem = { line: OrderLine; lineIndex: number; esims: Esim[] };

function isForNew({ assign, esimIds }: OrderLine): boolean {
  return assign && esimIds === null;
}

/** In the order in which they were made, which is that of the lines. */
async function findMade(ctx: Ctx, accountId: string, { id, lines }: Order): Promise<Esim[]> {
  const limit = lines.filter(isForNew).reduce((sum, { quantity }) => sum + quantity, 0);
  return limit === 0 ? [] : await listEsimsOfOrder(ctx, { accountId, orderId: id, limit });
}

async function findToppedUp(ctx: Ctx, accountId: string, { lines }: Order): Promise<Map<string, Esim>> {
  const ids = [...new Set(lines.flatMap(({ esimIds }) => esimIds ?? []))];
  const esims = ids.length === 0 ? [] : await findEsims(ctx, { accountId, idsOrIccids: ids });
  return new Map(esims.map((esim) => [esim.id as string, esim]));
}
