// Bundles that go onto the new eSIMs of another line of the same request: one onto each of them.
import type { OrderLineInput } from './order.ts';
import { quantityOf } from './pricing.ts';

/** The lines, where one that goes with another and does not say how many it is for is for as many as that makes. */
export function withQuantities(lines: readonly OrderLineInput[]): OrderLineInput[] {
  return lines.map((line, index) => {
    const other = lineOfEsims(lines, index);
    return other && line.quantity === undefined ? { ...line, quantity: quantityOf(other) } : line;
  });
}

/**
 * The line whose new eSIMs the bundles of the one at `index` go onto; undefined when there is none, or none that could
 * be: it has to stand before, and to make eSIMs.
 */
export function lineOfEsims(lines: readonly OrderLineInput[], index: number): OrderLineInput | undefined {
  const withLine = lines[index]?.withLine;
  if (withLine === undefined || withLine >= index) return undefined;
  const other = lines[withLine];
  const makesEsims = other?.esims === undefined && other?.assign !== false && other?.withLine === undefined;
  return makesEsims ? other : undefined;
}
