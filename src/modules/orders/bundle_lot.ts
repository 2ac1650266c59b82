// A lot: bundles of one product that were bought together, or given back, and are on no eSIM yet.
import type { Id } from '../../base/ids.ts';

export type BundleLot = {
  id: Id<'bundleLot'>;
  /** Unique over all accounts, for clients that know lots by whole numbers. */
  number: bigint;
  accountId: string;
  orderId: string;
  product: string;
  total: number;
  /** Neither assigned nor given back. */
  remaining: number;
  /** What each of them cost; null when nothing was paid. */
  unitPrice: { amountMinor: bigint; currency: string } | null;
  refundableUntil: Date | null;
  expiresAt: Date;
  /** When it did expire. */
  expiredAt: Date | null;
  createdAt: Date;
};

export type LotRow = {
  id: string;
  number: bigint;
  account_id: string;
  order_id: string;
  product_name: string;
  total: number;
  remaining: number;
  unit_price_minor: bigint | null;
  currency: string | null;
  refundable_until: Date | null;
  expires_at: Date;
  expired_at: Date | null;
  created_at: Date;
};

export const lotColumns = `id, number, account_id, order_id, product_name, total, remaining, unit_price_minor,
  currency, refundable_until, expires_at, expired_at, created_at`;

export function readLot(row: LotRow): BundleLot {
  const { unit_price_minor: amountMinor, currency } = row;
  return {
    id: row.id as Id<'bundleLot'>,
    number: row.number,
    accountId: row.account_id,
    orderId: row.order_id,
    product: row.product_name,
    total: row.total,
    remaining: row.remaining,
    unitPrice: amountMinor === null || currency === null ? null : { amountMinor, currency },
    refundableUntil: row.refundable_until,
    expiresAt: row.expires_at,
    expiredAt: row.expired_at,
    createdAt: row.created_at,
  };
}
