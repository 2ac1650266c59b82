// Which of these eSIMs a bundle of the product cannot be used on, by the rules of `checkCompatibility`.
import type { Ctx } from '../../pg/ctx.ts';
import type { Product } from '../catalogue/index.ts';
import type { Esim } from '../esims/index.ts';
import { findSims } from '../sims/index.ts';
import { compatibilityOf, type ReasonCode } from './check_compatibility.ts';

/** The ids of those of the account's eSIMs that the product is not compatible with, whatever may be said of the product itself. */
export async function findIncompatible(ctx: Ctx, of: EsimsToCheck): Promise<ReadonlySet<string>> {
  const { accountId, product, esims } = of;
  const lines = await findSims(ctx, { accountId, keys: esims.map(({ id }) => id) });
  const reasonsOf = (esim: Esim) =>
    compatibilityOf(esim, product, lines.get(esim.id)?.fleet?.networks ?? null).reasons;
  const unfit = esims.filter((esim) => reasonsOf(esim).some(({ code }) => ofEsim.includes(code)));
  return new Set(unfit.map(({ id }) => id));
}

type EsimsToCheck = { accountId: string; product: Product; esims: readonly Esim[] };

/** What another eSIM would not be refused for. */
const ofEsim: readonly ReasonCode[] = ['esim_ended', 'no_network'];
