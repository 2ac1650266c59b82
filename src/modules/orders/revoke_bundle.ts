// A bundle is revoked, and comes back as money or as an unassigned bundle.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type Bundle, type RevokeBundle, revokeBundle as revokeOnEsim } from '../bundles/index.ts';
import { addLots } from './add_lots.ts';

/** Revokes the account's bundle that was never used. Throws `not_found`, `conflict`. Call it in a `write`. */
export async function revokeBundle(tx: Ctx, input: RevokeBundle): Promise<Bundle> {
  const bundle = await revokeOnEsim(tx, input);
  if (input.refundTo !== 'inventory') return bundle;
  const { accountId, orderId, price, refundableUntil, lapsesAt } = bundle;
  await addLots(tx, [
    {
      accountId,
      orderId,
      product: bundle.productName,
      total: 1,
      unitPrice: price,
      refundableUntil,
      expiresAt: present(lapsesAt, 'a bundle that can be given back lapses'),
      requestId: tx.requestId,
    },
  ]);
  return bundle;
}
