// A unit: the smallest piece of an order, one new eSIM, one bundle for an eSIM, or one for the inventory.
import { assert, present } from '../../base/assert.ts';
import { lotIdsOf } from './lot_shares.ts';
import { makesEsims, type Order, type OrderLine } from './order.ts';

export type Unit = {
  order: Order;
  line: OrderLine;
  /** Its place among the units of the order, from 0. */
  place: number;
  /** The eSIM to top up; null for a new one, for a bundle that goes with one, and for one that is not assigned. */
  esimId: string | null;
  /** The place of the unit whose new eSIM this bundle goes onto; null for any other unit. */
  onto: number | null;
  /** The lot that its bundle was taken from; null when it was bought with the order. */
  lotId: string | null;
  /** The last one of its line. */
  isLast: boolean;
};

/**
 * The units of an order, always in the same order, so that a slice of it can be told by its place: line by line, but each
 * new eSIM is followed by the bundles that go onto it.
 */
export function unitsOf(order: Order): Unit[] {
  const units: Unit[] = [];
  for (const line of order.lines.filter(({ withLine }) => withLine === null)) {
    const pieces = piecesOf(order, line);
    const others = makesEsims(line)
      ? order.lines
          .filter(({ withLine }) => withLine === line.requestLine)
          .map((other) => piecesOf(order, other))
      : [];
    for (const [index, piece] of pieces.entries()) {
      const place = units.push({ ...piece, place: units.length }) - 1;
      for (const other of others)
        units.push({ ...present(other[index], 'a bundle per new eSIM'), place: units.length, onto: place });
    }
  }
  return units;
}

/**
 * The units from the place `from` on that are made together: as many as there may be, but an eSIM is never told apart from
 * the bundles that go onto it.
 */
export function sliceOf(units: readonly Unit[], from: number, unitsMax: number): Unit[] {
  let end = Math.min(from + unitsMax, units.length);
  while (end < units.length && units[end]?.onto !== null) end--;
  assert(end > from || end === units.length, 'an eSIM and its bundles are no more than fit together');
  return units.slice(from, end);
}

type Piece = Omit<Unit, 'place'>;

function piecesOf(order: Order, line: OrderLine): Piece[] {
  const lotIds = lotIdsOf(line);
  return Array.from({ length: line.quantity }, (_, index) => ({
    order,
    line,
    esimId: line.esimIds?.[index] ?? null,
    onto: null,
    lotId: lotIds[index] ?? null,
    isLast: index === line.quantity - 1,
  }));
}
