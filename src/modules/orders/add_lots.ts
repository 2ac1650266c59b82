// Bundles come to the inventory of an account: by an order of unassigned ones, or by a revocation.
import { present } from '../../base/assert.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import type { BundleLot } from './bundle_lot.ts';

/** Adds these lots and gives them. Call it in a `write`. */
export async function addLots(tx: Ctx, items: readonly NewLot[]): Promise<BundleLot[]> {
  if (items.length === 0) return [];
  const unnumbered = items.map(({ requestId: _, ...item }) => newLot(tx, item));
  const rows = await query<{ id: string; number: bigint }>(tx.db, insertLots, [
    JSON.stringify(unnumbered.map(writeRow)),
    tx.now,
  ]);
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  const lots = unnumbered.map((lot) => ({
    ...lot,
    number: present(numbers.get(lot.id), 'a number per lot'),
  }));
  await emit(
    tx,
    ...lots.map(({ id, accountId, product, total, orderId, expiresAt }, index) => ({
      accountId,
      type: 'bundle_lot.added' as const,
      resourceId: id,
      requestId: items[index]?.requestId ?? tx.requestId,
      data: { orderId, product, quantity: total, expiresAt: expiresAt.toISOString() },
    })),
  );
  return lots;
}

export type NewLot = Pick<
  BundleLot,
  'accountId' | 'orderId' | 'product' | 'total' | 'unitPrice' | 'refundableUntil' | 'expiresAt'
> & {
  /** Of the request that ordered it. */
  requestId: string;
};

type UnnumberedLot = Omit<BundleLot, 'number'>;

function newLot({ now }: Ctx, item: Omit<NewLot, 'requestId'>): UnnumberedLot {
  const id = newId('bundleLot', now.getTime());
  return { ...item, id, remaining: item.total, expiredAt: null, createdAt: now };
}

function writeRow(lot: UnnumberedLot): Record<string, unknown> {
  return {
    id: lot.id,
    account_id: lot.accountId,
    order_id: lot.orderId,
    product_name: lot.product,
    total: lot.total,
    unit_price_minor: lot.unitPrice?.amountMinor.toString() ?? null,
    currency: lot.unitPrice?.currency ?? null,
    refundable_until: lot.refundableUntil,
    expires_at: lot.expiresAt,
  };
}

const insertLots = `
  insert into orders.bundle_lots (id, account_id, order_id, product_name, total, remaining, unit_price_minor, currency,
    refundable_until, expires_at, created_at)
  select id, account_id, order_id, product_name, total, total, unit_price_minor, currency, refundable_until, expires_at, $2
  from jsonb_to_recordset($1::jsonb) as x(id text, account_id text, order_id text, product_name text, total integer,
    unit_price_minor bigint, currency text, refundable_until timestamptz, expires_at timestamptz)
  returning id, number`;
