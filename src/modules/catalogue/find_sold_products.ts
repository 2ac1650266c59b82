// What an account can order, one bundle by its exact name, and the groups that there are.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { accountBundles, type Buyer, type SoldProduct } from './account_bundles.ts';
import { type Catalogue, catalogueWith } from './current_catalogue.ts';

/**
 * The bundle of exactly this name with the account's price. Throws `unknown_product`, also for one that is retired or not
 * sold in the account's currency; the detail names the one that differs in case alone.
 */
export async function getSoldBundle(ctx: Ctx, of: Buyer & { name: string }): Promise<SoldProduct> {
  // Another node may have just added it.
  await catalogueWith(ctx, [of.name]);
  const bundles = await accountBundles(ctx, of);
  const place = bundles.index.placeByName.get(of.name);
  if (place !== undefined && bundles.isSold(place)) return bundles.soldAt(place);
  const other = otherSpelling(bundles.catalogue, of.name);
  throw new AppError('unknown_product', unknownDetail(of.name, other));
}

/** The exact name of the active product whose name differs from this one in case alone, if there is one. */
export function otherSpelling(catalogue: Catalogue, name: string): string | undefined {
  const spelled = spellingsOf(catalogue).get(name.toLowerCase());
  return spelled === name ? undefined : spelled;
}

/** The groups of what the account can order, in the order of their names. */
export async function listProductGroups(ctx: Ctx, buyer: Buyer): Promise<ProductGroup[]> {
  const bundles = await accountBundles(ctx, buyer);
  return [...bundles.index.byGroup]
    .map(([name, places]) => ({ name, bundles: places.filter(bundles.isSold).length }))
    .filter((group) => group.bundles > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export type ProductGroup = {
  name: string;
  /** How many are in it. */
  bundles: number;
};

function unknownDetail(name: string, other: string | undefined): string {
  const unknown = `There is no bundle named ${JSON.stringify(name)} in this account's catalogue: names are case-sensitive`;
  return other === undefined ? `${unknown}.` : `${unknown}, and there is ${other}.`;
}

function spellingsOf(catalogue: Catalogue): ReadonlyMap<string, string> {
  const known = spellingsBy.get(catalogue);
  if (known) return known;
  const active = [...catalogue.byName.values()].filter(({ state }) => state === 'active');
  const spellings = new Map(active.map(({ name }) => [name.toLowerCase(), name]));
  spellingsBy.set(catalogue, spellings);
  return spellings;
}

const spellingsBy = new WeakMap<Catalogue, ReadonlyMap<string, string>>();
