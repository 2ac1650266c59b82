// An order as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import type { LotShare, Order, OrderDevice, OrderLine, OrderStatus } from './order.ts';

export type OrderRow = {
  id: string;
  account_id: string;
  status: OrderStatus;
  lines: StoredLine[];
  customer_id: string | null;
  device: OrderDevice | null;
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
  'id, account_id, status, lines, customer_id, device, quantity, fulfilled, total_minor, currency, reference, failure_code, failure_detail, request_id, created_at, ended_at';

/**
 * JSON has no bigint and no date: they are text. Members that may be missing are so in orders of before they were there,
 * the rare ones also where they say nothing: most orders have none of them.
 */
export type StoredLine = Omit<
  OrderLine,
  'unitPriceMinor' | 'totalMinor' | 'assign' | 'activatesAt' | 'downloadBy' | 'counted' | keyof RareMembers
> & {
  unitPriceMinor: string;
  totalMinor: string;
  assign?: boolean;
  activatesAt?: string | null;
  downloadBy?: string | null;
  counted?: boolean;
} & RareMembers;

type RareMembers = {
  withLine?: number | null | undefined;
  profileType?: string | null | undefined;
  /** Missing when it is the place of the line itself. */
  requestLine?: number | undefined;
  remoteConfirmationCode?: string | null | undefined;
  allowReassign?: boolean | undefined;
  fromInventory?: boolean | undefined;
  lots?: readonly LotShare[] | undefined;
  brandingId?: string | null | undefined;
};

export function storeLine(line: OrderLine, index: number): StoredLine {
  return {
    ...line,
    withLine: line.withLine ?? undefined,
    profileType: line.profileType ?? undefined,
    requestLine: line.requestLine === index ? undefined : line.requestLine,
    remoteConfirmationCode: line.remoteConfirmationCode ?? undefined,
    allowReassign: line.allowReassign || undefined,
    fromInventory: line.fromInventory || undefined,
    lots: line.lots.length === 0 ? undefined : line.lots,
    unitPriceMinor: line.unitPriceMinor.toString(),
    totalMinor: line.totalMinor.toString(),
    activatesAt: line.activatesAt?.toISOString() ?? null,
    downloadBy: line.downloadBy?.toISOString() ?? null,
  };
}

function readLine(
  {
    assign = true,
    activatesAt,
    downloadBy,
    counted = false,
    withLine = null,
    profileType = null,
    requestLine,
    remoteConfirmationCode = null,
    allowReassign = false,
    fromInventory = false,
    lots = [],
    brandingId,
    ...line
  }: StoredLine,
  index: number,
): OrderLine {
  return {
    ...line,
    withLine,
    profileType,
    requestLine: requestLine ?? index,
    remoteConfirmationCode,
    allowReassign,
    fromInventory,
    lots,
    brandingId,
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
    customerId: row.customer_id,
    device: row.device,
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
