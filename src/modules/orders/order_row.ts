// An order as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import type { Order, OrderLine, OrderStatus } from './order.ts';

export type OrderRow = {
  id: string;
  account_id: string;
  status: OrderStatus;
  lines: StoredLine[];
  quantity: number;
  fulfilled: number;
  total_minor: bigint;
  currency: string;
  reference: string | null;
  failure_code: string | null;
  failure_detail: string | null;
  request_id: string;
  created_at: Date;
  ended_at: Date | null;
};

export const orderColumns =
  'id, account_id, status, lines, quantity, fulfilled, total_minor, currency, reference, failure_code, failure_detail, request_id, created_at, ended_at';

/** JSON has no bigint and no date: they are text. The last members are missing in orders of before they were there. */
export type StoredLine = Omit<
  OrderLine,
  'unitPriceMinor' | 'totalMinor' | 'assign' | 'activatesAt' | 'downloadBy' | 'counted'
> & {
  unitPriceMinor: string;
  totalMinor: string;
  assign?: boolean;
  activatesAt?: string | null;
  downloadBy?: string | null;
  counted?: boolean;
};

export function storeLine(line: OrderLine): StoredLine {
  return {
    ...line,
    unitPriceMinor: line.unitPriceMinor.toString(),
    totalMinor: line.totalMinor.toString(),
    activatesAt: line.activatesAt?.toISOString() ?? null,
    downloadBy: line.downloadBy?.toISOString() ?? null,
  };
}

function readLine({
  assign = true,
  activatesAt,
  downloadBy,
  counted = false,
  ...line
}: StoredLine): OrderLine {
  return {
    ...line,
    unitPriceMinor: BigInt(line.unitPriceMinor),
    totalMinor: BigInt(line.totalMinor),
    assign,
    counted,
    activatesAt: activatesAt ? new Date(activatesAt) : null,
    downloadBy: downloadBy ? new Date(downloadBy) : null,
  };
}

export function readOrder(row: OrderRow): Order {
  return {
    id: row.id as Id<'order'>,
    accountId: row.account_id,
    status: row.status,
    lines: row.lines.map(readLine),
    quantity: row.quantity,
    fulfilled: row.fulfilled,
    totalMinor: row.total_minor,
    currency: row.currency,
    reference: row.reference,
    failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
    requestId: row.request_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
