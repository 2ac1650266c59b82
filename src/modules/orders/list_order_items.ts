// What became of the lines of an order: the eSIMs of each, those that were topped up and those that were made.
import type { Ctx } from '../../pg/ctx.ts';
import { type Esim, findEsims, listEsimsOfOrder } from '../esims/index.ts';
import { makesEsims, type Order, type OrderLine } from './order.ts';

/**
 * The lines of the account's order with the eSIMs that they are for, in the order of the line. New eSIMs are there when
 * they are made: none of an order that waits. `lineIndex` is the line of the request, which two of these may share.
 */
export async function listOrderItems(
  ctx: Ctx,
  { accountId, order }: { accountId: string; order: Order },
): Promise<OrderItem[]> {
  const made = madeByLine(order, await findMade(ctx, accountId, order));
  const toppedUp = await findToppedUp(ctx, accountId, order);
  return order.lines.map((line) => ({
    line,
    lineIndex: line.requestLine,
    esims: makesEsims(line)
      ? (made.get(line.requestLine) ?? [])
      : line.withLine === null
        ? (line.esimIds ?? []).flatMap((id) => toppedUp.get(id) ?? [])
        : (made.get(line.withLine) ?? []),
  }));
}

/** By the line of the request. */
function madeByLine({ lines }: Order, esims: readonly Esim[]): Map<number, Esim[]> {
  const left = [...esims];
  return new Map(
    lines.filter(makesEsims).map(({ requestLine, quantity }) => [requestLine, left.splice(0, quantity)]),
  );
}

export type OrderItem = { line: OrderLine; lineIndex: number; esims: Esim[] };

/** In the order in which they were made, which is that of the lines. */
async function findMade(ctx: Ctx, accountId: string, { id, lines }: Order): Promise<Esim[]> {
  const limit = lines.filter(makesEsims).reduce((sum, { quantity }) => sum + quantity, 0);
  return limit === 0 ? [] : await listEsimsOfOrder(ctx, { accountId, orderId: id, limit });
}

async function findToppedUp(ctx: Ctx, accountId: string, { lines }: Order): Promise<Map<string, Esim>> {
  const ids = [...new Set(lines.flatMap(({ esimIds }) => esimIds ?? []))];
  const esims = ids.length === 0 ? [] : await findEsims(ctx, { accountId, idsOrIccids: ids });
  return new Map(esims.map((esim) => [esim.id as string, esim]));
}
