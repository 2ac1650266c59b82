// Bundles are searched in memory: a page costs the same wherever it is, and the same search is made once per revision.
import type { Ctx } from '../../pg/ctx.ts';
import { type AccountBundles, accountBundles, type Buyer, type SoldProduct } from './account_bundles.ts';
import type { BundleOrder, PlacesBy } from './bundle_index.ts';
import { readNamePattern } from './name_pattern.ts';

/**
 * The bundles that the account can order and that fit all that is given, with its prices: page `page`, from 1, of
 * `perPage` of them, and how many there are in all. Those that an order does not tell apart come in that of their names.
 */
export async function searchProducts(ctx: Ctx, search: ProductSearch): Promise<FoundProducts> {
  const bundles = await accountBundles(ctx, search);
  const found = findPlaces(bundles, search);
  const from = (search.page - 1) * search.perPage;
  const until = Math.min(from + search.perPage, found.length);
  const products: SoldProduct[] = [];
  for (let at = from; at < until; at++)
    products.push(bundles.soldAt(found[search.direction === 'asc' ? at : found.length - 1 - at] as number));
  return { products, rows: found.length };
}

export type ProductSearch = ProductCriteria &
  Buyer & { orderBy: BundleOrder; direction: 'asc' | 'desc'; page: number; perPage: number };

/** All in any case but `group`. */
export type ProductCriteria = {
  /** At home in one of these: ISO 3166-1 alpha-2 codes, or names of regions for what works in more than one country. */
  countries?: readonly string[];
  /** At home in this region. */
  region?: string;
  /** Exact. */
  group?: string;
  /** See `readNamePattern`. */
  description?: string;
};

export type FoundProducts = { products: SoldProduct[]; rows: number };

/** Places in ascending order of `orderBy`. */
function findPlaces(bundles: AccountBundles, search: ProductSearch): Int32Array {
  const { countries, region, group, description, orderBy } = search;
  const key = JSON.stringify([orderBy, countries, region, group, description]);
  return bundles.found.get(key, () => sortPlaces(bundles, orderBy, filterPlaces(bundles, search)));
}

/** `found` is in the order of the names. Ranks are whole numbers, which are sorted without comparing any bundles. */
function sortPlaces(bundles: AccountBundles, orderBy: BundleOrder, found: readonly number[]): Int32Array {
  if (orderBy === 'name') return Int32Array.from(found);
  const { ranks, places } = bundles.order(orderBy);
  const sorted = Int32Array.from(found, (place) => ranks[place] as number).sort();
  return sorted.map((rank) => places[rank] as number);
}

/** Begins with the fewest: those of the criterion that leaves least. */
function filterPlaces(bundles: AccountBundles, criteria: ProductCriteria): number[] {
  const [fewest, ...others] = listsOf(bundles, criteria).sort((a, b) => a.length - b.length);
  const sets = others.map((places) => new Set(places));
  const fits = descriptionTest(bundles, criteria);
  return (fewest ?? [...bundles.index.bundles.keys()]).filter(
    (place) => bundles.isSold(place) && sets.every((places) => places.has(place)) && fits(place),
  );
}

function listsOf({ index }: AccountBundles, { countries, region, group }: ProductCriteria) {
  return [
    ...(countries === undefined ? [] : [placesOfAny(index.byCode, countries)]),
    ...(region === undefined ? [] : [index.byRegion.get(region.toUpperCase()) ?? []]),
    ...(group === undefined ? [] : [index.byGroup.get(group) ?? []]),
  ];
}

function placesOfAny(places: PlacesBy, codes: readonly string[]): number[] {
  const found = new Set(codes.flatMap((code) => places.get(code.toUpperCase()) ?? []));
  return [...found].sort((a, b) => a - b);
}

function descriptionTest({ index }: AccountBundles, { description }: ProductCriteria) {
  if (description === undefined) return () => true;
  const fits = readNamePattern(description);
  const texts = index.descriptions();
  return (place: number) => fits(texts[place] ?? '');
}
