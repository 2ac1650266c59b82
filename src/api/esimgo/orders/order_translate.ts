// Orders, from the core to the wire: what an item asked for is one item again, also where some of its eSIMs were replaced.
import type { Esim } from '../../../modules/esims/index.ts';
import type { Order, OrderItem, OrderLine, OrderStatus, Quote } from '../../../modules/orders/index.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { writeAmount } from '../wire/amount.ts';
import { writeTime } from '../wire/time.ts';

/** What an order would cost. */
export function writeQuote(quote: Quote, at: Date) {
  const { lines, totalMinor, currency } = quote;
  return {
    order: groupLines(lines.map((line) => ({ line, lineIndex: line.requestLine }))).map((parts) =>
      writeItem(parts, currency),
    ),
    total: writeAmount(totalMinor, currency),
    valid: true,
    currency,
    createdDate: writeTime(at),
    assigned: isAssigned(lines),
  };
}

/** An order as it is, with its eSIMs as far as they are there. `sourceIP` is told to who places it. */
export function writeOrder(order: Order, items: readonly OrderItem[], { includeIccids, sourceIP }: Told) {
  const { currency } = order;
  return {
    order: groupLines(items).map((parts) => ({
      ...writeItem(parts, currency),
      ...(includeIccids && writeEsims(parts.flatMap(({ esims }) => esims))),
    })),
    total: writeAmount(order.totalMinor, currency),
    currency,
    status: statuses[order.status],
    statusMessage: writeMessage(order),
    orderReference: writeUuid(order.id),
    createdDate: writeTime(order.createdAt),
    assigned: isAssigned(order.lines),
    ...(order.reference !== null && { clientReference: order.reference }),
    ...(sourceIP !== undefined && { sourceIP }),
  };
}

export type Told = { includeIccids: boolean; sourceIP?: string };

const statuses: Record<OrderStatus, string> = {
  accepted: 'processing',
  fulfilling: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

function writeMessage({ status, lines, quantity, failure }: Order): string {
  if (status === 'failed') return `Order failed: ${failure?.detail ?? 'nothing was charged.'}`;
  if (status === 'cancelled') return 'Order cancelled: nothing was charged.';
  if (status !== 'completed') return 'Order processing: its assignments are there when it is completed.';
  return isAssigned(lines)
    ? `Order completed: ${quantity} eSIMs assigned`
    : `Order completed: ${quantity} bundles added to the inventory`;
}

type Part = { line: OrderLine; lineIndex: number };

/** The lines of each item of the request. */
function groupLines<P extends Part>(parts: readonly P[]): P[][] {
  return [...Map.groupBy(parts, ({ lineIndex }) => lineIndex).values()];
}

function writeItem(parts: readonly Part[], currency: string) {
  const lines = parts.map(({ line }) => line);
  const [first] = lines;
  return {
    type: first?.fromInventory ? 'bundleAssignment' : 'bundle',
    item: first?.product ?? '',
    quantity: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    subTotal: writeAmount(
      lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
      currency,
    ),
    pricePerUnit: writeAmount(first?.unitPriceMinor ?? 0n, currency),
    AllowReassign: first?.allowReassign ?? false,
  };
}

function writeEsims(esims: readonly Esim[]) {
  return {
    esims: esims.map(({ iccid, matchingId, smdpAddress }) => ({
      iccid,
      matchingId: matchingId ?? '',
      smdpAddress,
    })),
    iccids: esims.map(({ iccid }) => iccid),
  };
}

function isAssigned(lines: readonly OrderLine[]): boolean {
  return lines.some(({ assign }) => assign);
}
