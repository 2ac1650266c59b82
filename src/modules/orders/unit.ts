// A unit: the smallest piece of an order, one new eSIM, one bundle for an existing one, or one for the inventory.
import { lotIdsOf } from './lot_shares.ts';
import type { Order, OrderLine } from './order.ts';

export type Unit = {
  order: Order;
  line: OrderLine;
  /** The eSIM to top up; null for a new one, and for a bundle that is not assigned. */
  esimId: string | null;
  /** The lot that its bundle was taken from; null when it was bought with the order. */
  lotId: string | null;
  /** The last one of its line. */
  isLast: boolean;
};

/** The units of an order, always in the same order, so that a slice of it can be told by its place. */
export function unitsOf(order: Order): Unit[] {
  return order.lines.flatMap((line): Unit[] => {
    const lotIds = lotIdsOf(line);
    return Array.from({ length: line.quantity }, (_, index) => ({
      order,
      line,
      esimId: line.esimIds?.[index] ?? null,
      lotId: lotIds[index] ?? null,
      isLast: index === line.quantity - 1,
    }));
  });
}
