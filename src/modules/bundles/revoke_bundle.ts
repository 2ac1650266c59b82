// A bundle that was never used is revoked, and what was paid for it given back at most once.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { refund } from '../ledger/index.ts';
import type { Bundle } from './bundle.ts';
import { type BundleRow, bundleColumns, readBundle } from './bundle_row.ts';
import { type RefundTo, type Revocation, revocationOf } from './revocation.ts';

/**
 * Revokes the account's bundle. `balance` gives back what was paid; for `inventory` the caller makes the unassigned
 * bundle of it. Throws `not_found`, and `conflict` when it was used or this cannot be had for it. Call it in a `write`.
 */
export async function revokeBundle(tx: Ctx, input: RevokeBundle): Promise<Bundle> {
  const { accountId, bundleId, refundTo } = input;
  const [row] = await query<BundleRow>(tx.db, lockBundle, [accountId, bundleId]);
  if (!row) throw new AppError('not_found', 'There is no such bundle.');
  const bundle = readBundle(row);
  checkRevocation(revocationOf(bundle, tx.now), refundTo);
  await query(tx.db, markRevoked, [bundleId, tx.now]);
  if (refundTo === 'balance' && bundle.price)
    await refund(tx, { accountId, ...bundle.price, reference: bundleId });
  const { esimId, orderId, productName: product } = bundle;
  const data = { esimId, orderId, product, state: 'revoked', refundTo };
  await emit(tx, { accountId, type: 'bundle.revoked', resourceId: bundleId, data });
  return { ...bundle, state: 'revoked', endedAt: tx.now, dueAt: null };
}

export type RevokeBundle = { accountId: string; bundleId: string; refundTo: RefundTo | null };

function checkRevocation({ revocable, reason, refunds, until }: Revocation, refundTo: RefundTo | null): void {
  if (!revocable) throw new AppError('conflict', reason ?? undefined);
  if (refundTo === null || refunds.some(({ to }) => to === refundTo)) return;
  const detail =
    refunds.length > 0
      ? 'Nothing was paid for this bundle: it can be given back to the inventory.'
      : `This bundle could be given back until ${until?.toISOString() ?? 'never'}: revoke it without a refund.`;
  throw new AppError('conflict', detail, { fields: [{ field: 'refundTo', detail: 'not possible' }] });
}

const lockBundle = `select ${bundleColumns} from bundles.bundles where account_id = $1 and id = $2 for update`;

const markRevoked = `update bundles.bundles set state = 'revoked', ended_at = $2, due_at = null where id = $1`;
