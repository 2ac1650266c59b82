// Can this product be used on this eSIM, and in which of its countries does the line find a network?
import type { Ctx } from '../../pg/ctx.ts';
import { getProduct, networks, type Product } from '../catalogue/index.ts';
import { type Esim, getEsim } from '../esims/index.ts';
import { networksOfLine } from '../sims/index.ts';

/** Says so before anything is bought. Throws `not_found` for the eSIM (id or ICCID), `unknown_product`. */
export async function checkCompatibility(
  ctx: Ctx,
  of: { accountId: string; idOrIccid: string; product: string },
): Promise<Compatibility> {
  const { accountId } = of;
  const esim = await getEsim(ctx, of);
  const product = await getProduct(ctx, of.product);
  return compatibilityOf(esim, product, await networksOfLine(ctx, { accountId, esimId: esim.id }));
}

/** The rules. `allowed`: ids of the networks that the eSIM's line may attach to; null for any. */
export function compatibilityOf(
  esim: Esim,
  product: Product,
  allowed: readonly string[] | null,
): Compatibility {
  const countries = coverageOf(product, allowed && new Set(allowed));
  const reasons = [...esimReasons(esim), ...productReasons(product), ...coverageReasons(product, countries)];
  return { compatible: reasons.length === 0, reasons, countries };
}

export type Compatibility = {
  compatible: boolean;
  /** Why not. */
  reasons: { code: ReasonCode; detail: string }[];
  /** The product's countries, and how many networks the line may use in each. */
  countries: { country: string; networks: number }[];
};

export type ReasonCode = 'esim_ended' | 'not_a_bundle' | 'product_retired' | 'no_network';

function esimReasons({ state }: Esim): Compatibility['reasons'] {
  if (state !== 'deleted' && state !== 'failed') return [];
  return [{ code: 'esim_ended', detail: `The eSIM is ${state}.` }];
}

function productReasons({ kind, state, name }: Product): Compatibility['reasons'] {
  return [
    ...(kind === 'bundle' ? [] : [{ code: 'not_a_bundle' as const, detail: `${name} is an eSIM.` }]),
    ...(state === 'active'
      ? []
      : [{ code: 'product_retired' as const, detail: `${name} is not sold any more.` }]),
  ];
}

function coverageReasons({ kind }: Product, countries: Compatibility['countries']): Compatibility['reasons'] {
  if (kind !== 'bundle' || countries.some((each) => each.networks > 0)) return [];
  return [
    { code: 'no_network', detail: 'The line may attach to no network in the countries of this bundle.' },
  ];
}

/** `allowed`: ids of networks; null for any. */
function coverageOf(product: Product, allowed: ReadonlySet<string> | null): Compatibility['countries'] {
  const counts = new Map(product.countries.map((country) => [country, 0]));
  for (const { id, country } of networks()) {
    const count = counts.get(country);
    if (count !== undefined && (allowed === null || allowed.has(id))) counts.set(country, count + 1);
  }
  return [...counts].map(([country, count]) => ({ country, networks: count }));
}
