// A unit: the smallest piece of an order, one new eSIM or one bundle for an existing one.
import type { Order, OrderLine } from './order.ts';

export type Unit = {
  order: Order;
  line: OrderLine;
  /** The eSIM to top up; null for a new one. */
  esimId: string | null;
};

/** The units of an order, always in the same order, so that a slice of it can be told by its place. */
export function unitsOf(order: Order): Unit[] {
  return order.lines.flatMap((line): Unit[] =>
    line.esimIds === null
      ? Array.from({ length: line.quantity }, () => ({ order, line, esimId: null }))
      : line.esimIds.map((esimId) => ({ order, line, esimId })),
  );
}
