// The eSIMs that bundles are for: known, of the account, and still in use; or, where that is allowed, replaced by new ones.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { checkQueueRoom, findIncompatible, findLittleRoom } from '../bundles/index.ts';
import type { Product } from '../catalogue/index.ts';
import { type Esim, findEsims } from '../esims/index.ts';

/**
 * The eSIMs with these ids or ICCIDs, in this order. `at` goes before the names of fields. Throws `not_found`,
 * `bundle_not_compatible`.
 */
export async function loadEsimsToTopUp(ctx: Ctx, of: EsimsToTopUp): Promise<Esim[]> {
  const esims = await loadKnownEsims(ctx, of);
  for (const [index, esim] of esims.entries()) {
    if (esim.state === 'deleted' || esim.state === 'failed') {
      throw new AppError('bundle_not_compatible', `The eSIM ${esim.id} is ${esim.state}.`, {
        fields: [{ field: `${of.at}esims[${index}]`, detail: 'give an eSIM that can still be used' }],
      });
    }
  }
  await checkQueueRoom(
    ctx,
    esims.map(({ id }) => id),
  );
  return esims;
}

/**
 * Those of the eSIMs with these ids or ICCIDs that the product can be used on, in this order; the others are to be
 * replaced by new ones. Throws `not_found`, and `bundle_not_compatible` for what is no bundle.
 */
export async function loadCompatibleEsims(ctx: Ctx, of: EsimsToTopUp): Promise<Esim[]> {
  const esims = await loadKnownEsims(ctx, of);
  const incompatible = await findIncompatible(ctx, { ...of, esims });
  const usable = esims.filter(({ id }) => !incompatible.has(id));
  const room = new Map(
    await findLittleRoom(
      ctx,
      usable.map(({ id }) => id),
    ),
  );
  return usable.filter(({ id }) => {
    const left = room.get(id) ?? Number.POSITIVE_INFINITY;
    room.set(id, left - 1);
    return left > 0;
  });
}

type EsimsToTopUp = { accountId: string; wanted: readonly string[]; product: Product; at: string };

async function loadKnownEsims(ctx: Ctx, of: EsimsToTopUp): Promise<Esim[]> {
  const { product, wanted, at } = of;
  if (product.kind !== 'bundle')
    throw new AppError(
      'bundle_not_compatible',
      `${product.name} is an eSIM, not a bundle: it cannot be added to one.`,
      { fields: [{ field: `${at}product`, detail: 'give a bundle' }] },
    );
  const byKey = await findByKey(ctx, of);
  return wanted.map((key, index) => {
    const esim = byKey.get(key);
    if (esim) return esim;
    const fields = [{ field: `${at}esims[${index}]`, detail: 'unknown' }];
    throw new AppError('not_found', 'There is no such eSIM.', { fields });
  });
}

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
