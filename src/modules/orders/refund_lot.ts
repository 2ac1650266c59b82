// Unassigned bundles are given back for what was paid for them.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { refund } from '../ledger/index.ts';
import { type BundleLot, type LotRow, lotColumns, readLot } from './bundle_lot.ts';
import { fault } from './check_line_form.ts';

/**
 * Gives back `quantity` bundles of the account's lot and pays their price into the balance. Throws `not_found`,
 * `invalid_request`, and `conflict` when there are fewer or it is too late. Call it in a `write`.
 */
export async function refundLot(tx: Ctx, input: RefundLot): Promise<BundleLot> {
  const { accountId, lotId, quantity } = input;
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw fault('quantity', 'give a whole number from 1');
  const [row] = await query<LotRow>(tx.db, lockLot, [accountId, lotId]);
  if (!row) throw new AppError('not_found', 'There is no such bundle lot.');
  const lot = readLot(row);
  const { unitPrice } = lot;
  checkRefund(tx, lot, quantity);
  await query(tx.db, takeSql, [lotId, quantity]);
  if (unitPrice)
    await refund(tx, {
      accountId,
      currency: unitPrice.currency,
      amountMinor: unitPrice.amountMinor * BigInt(quantity),
      reference: lotId,
    });
  const data = { product: lot.product, quantity, remaining: lot.remaining - quantity };
  await emit(tx, { accountId, type: 'bundle_lot.refunded', resourceId: lotId, data });
  return { ...lot, remaining: lot.remaining - quantity };
}

export type RefundLot = { accountId: string; lotId: string; quantity: number };

function checkRefund({ now }: Ctx, lot: BundleLot, quantity: number): void {
  const { refundableUntil, remaining, unitPrice } = lot;
  if (unitPrice === null) throw new AppError('conflict', 'Nothing was paid for these bundles.');
  if (refundableUntil === null || now > refundableUntil || lot.expiresAt <= now)
    throw new AppError('conflict', 'These bundles can be given back no more.');
  if (quantity > remaining) throw new AppError('conflict', `There are ${remaining} left in this lot.`);
}

const lockLot = `select ${lotColumns} from orders.bundle_lots where account_id = $1 and id = $2 for update`;
const takeSql = 'update orders.bundle_lots set remaining = remaining - $2 where id = $1';
