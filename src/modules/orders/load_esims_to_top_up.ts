// The eSIMs that bundles are for: known, of the account, and still in use.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { checkQueueRoom } from '../bundles/index.ts';
import type { Product } from '../catalogue/index.ts';
import { type Esim, findEsims } from '../esims/index.ts';

/**
 * The eSIMs with these ids or ICCIDs, in this order. `at` goes before the names of fields. Throws `not_found`,
 * `bundle_not_compatible`.
 */
export async function loadEsimsToTopUp(ctx: Ctx, of: EsimsToTopUp): Promise<Esim[]> {
  const { product, wanted, at } = of;
  if (product.kind !== 'bundle')
    throw new AppError(
      'bundle_not_compatible',
      `${product.name} is an eSIM, not a bundle: it cannot be added to one.`,
      { fields: [{ field: `${at}product`, detail: 'give a bundle' }] },
    );
  const byKey = await findByKey(ctx, of);
  const esims = wanted.map((key, index) => {
    const esim = byKey.get(key);
    const field = `${at}esims[${index}]`;
    if (!esim)
      throw new AppError('not_found', 'There is no such eSIM.', { fields: [{ field, detail: 'unknown' }] });
    if (esim.state === 'deleted' || esim.state === 'failed') {
      throw new AppError('bundle_not_compatible', `The eSIM ${esim.id} is ${esim.state}.`, {
        fields: [{ field, detail: 'give an eSIM that can still be used' }],
      });
    }
    return esim;
  });
  await checkQueueRoom(
    ctx,
    esims.map(({ id }) => id),
  );
  return esims;
}

type EsimsToTopUp = { accountId: string; wanted: readonly string[]; product: Product; at: string };

async function findByKey(ctx: Ctx, { accountId, wanted }: EsimsToTopUp): Promise<Map<string, Esim>> {
  const byKey = new Map<string, Esim>();
  const isId = (key: string) => key.startsWith('esm_');
  for (const idsOrIccids of [wanted.filter(isId), wanted.filter((key) => !isId(key))]) {
    if (idsOrIccids.length === 0) continue;
    for (const esim of await findEsims(ctx, { accountId, idsOrIccids }))
      byKey.set(esim.id, esim).set(esim.iccid, esim);
  }
  return byKey;
}
