// Bundles of the inventory come onto eSIMs: the ones that expire first are taken first.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { assignBundles, type Bundle } from '../bundles/index.ts';
import { getProduct } from '../catalogue/index.ts';
import type { BundleLot } from './bundle_lot.ts';
import { fault } from './check_line_form.ts';
import { loadEsimsToTopUp } from './load_esims_to_top_up.ts';
import { findLots, lockShares, lotIdsOf, takeShares, termsOf } from './lot_shares.ts';

/**
 * Assigns one bundle of the product from the account's inventory to each of these eSIMs, by id or ICCID. Throws
 * `unknown_product`, `not_found`, `bundle_not_compatible`, `invalid_request`, and `conflict` when the inventory has too
 * few. Call it in a `write`.
 */
export async function applyBundles(tx: Ctx, input: ApplyBundles): Promise<Bundle[]> {
  const { accountId, activatesAt } = input;
  if (input.esims.length === 0 || input.esims.length > esimsPerApplyMax)
    throw fault('esims', `give 1 to ${esimsPerApplyMax}`);
  checkActivation(tx, activatesAt);
  const product = await getProduct(tx, input.product);
  const esims = await loadEsimsToTopUp(tx, { accountId, wanted: input.esims, product, at: '' });
  const lots = await takeLots(tx, { accountId, product: product.name, quantity: esims.length });
  return await assignBundles(
    tx,
    esims.map((esim, index) => {
      const lot = present(lots[index], 'a lot per eSIM');
      return {
        accountId,
        esimId: esim.id,
        orderId: lot.orderId,
        product,
        requestId: tx.requestId,
        activatesAt: activatesAt ?? null,
        ...termsOf(lot),
      };
    }),
  );
}

export type ApplyBundles = {
  accountId: string;
  product: string;
  esims: readonly string[];
  activatesAt?: Date;
};

export const esimsPerApplyMax = 1_000;
const yearMs = 366 * 86_400_000;

function checkActivation({ now }: Ctx, activatesAt: Date | undefined): void {
  if (activatesAt === undefined) return;
  if (activatesAt < now || activatesAt.getTime() > now.getTime() + yearMs)
    throw fault('activatesAt', 'give a time from now to a year ahead');
}

/** The lot that each of so many bundles was taken from. */
async function takeLots(
  tx: Ctx,
  { accountId, ...line }: { accountId: string; product: string; quantity: number },
): Promise<BundleLot[]> {
  const lines = await lockShares(tx, { accountId, lines: [{ ...line, fromInventory: true, lots: [] }] });
  await takeShares(tx, lines);
  const lotIds = lines.flatMap(lotIdsOf);
  const byId = await findLots(tx, lotIds);
  return lotIds.map((id) => present(byId.get(id), 'a lot that was taken from'));
}
