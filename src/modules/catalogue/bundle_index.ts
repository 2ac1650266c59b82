// The bundles of one revision by country, region and group, and their orders: made once, when the revision is first searched.
import { basePlaces } from './bundle_places.ts';
import type { Catalogue } from './current_catalogue.ts';
import type { Product } from './product.ts';

export type BundleIndex = {
  /** Active ones, in the order of their names: everywhere else a bundle is its place in this list. */
  bundles: readonly Product[];
  placeByName: ReadonlyMap<string, number>;
  /** Ascending places by the code of a country or the name of a region, in capitals. */
  byCode: PlacesBy;
  /** In capitals. */
  byRegion: PlacesBy;
  byGroup: PlacesBy;
  descriptions: () => readonly string[];
  order: (by: Exclude<BundleOrder, 'price'>) => Ranking;
};

export type PlacesBy = ReadonlyMap<string, readonly number[]>;

export const bundleOrders = [
  'name',
  'description',
  'price',
  'validityDays',
  'dataBytes',
  'countries',
] as const;

export type BundleOrder = (typeof bundleOrders)[number];

/** An order of all bundles: `ranks` by place and `places` by rank are each other's inverse. */
export type Ranking = { ranks: Int32Array; places: Int32Array };

export function bundleIndexOf(catalogue: Catalogue): BundleIndex {
  const bundles = [...catalogue.byName.values()]
    .filter(({ kind, state }) => kind === 'bundle' && state === 'active')
    .sort((a, b) => compare(a.name, b.name));
  const places = bundles.map(basePlaces);
  const orders = new Map<string, Ranking>();
  let descriptions: string[] | undefined;
  return {
    bundles,
    placeByName: new Map(bundles.map(({ name }, place) => [name, place])),
    byCode: inCapitals(placesBy(places.map((some) => some.map(({ code }) => code)))),
    byRegion: inCapitals(placesBy(places.map((some) => some.map(({ region }) => region)))),
    byGroup: placesBy(bundles.map(({ groups }) => groups)),
    descriptions: () => {
      descriptions ??= bundles.map(({ description }) => description.toLowerCase());
      return descriptions;
    },
    order: (by) => {
      const known = orders.get(by) ?? rankBy(bundles.map(sortKeys[by]));
      orders.set(by, known);
      return known;
    },
  };
}

/** The order of these keys; those that are the same, in the order of the names. */
export function rankBy(keys: ArrayLike<SortKey>): Ranking {
  const places = Int32Array.from(keys, (_, place) => place);
  places.sort((a, b) => compare(keys[a] as SortKey, keys[b] as SortKey) || a - b);
  const ranks = new Int32Array(places.length);
  for (const [rank, place] of places.entries()) ranks[place] = rank;
  return { ranks, places };
}

type SortKey = string | number | bigint;

const sortKeys: Record<Exclude<BundleOrder, 'price'>, (bundle: Product) => SortKey> = {
  name: ({ name }) => name,
  description: ({ description }) => description.toLowerCase(),
  validityDays: ({ validityDays }) => validityDays ?? 0,
  dataBytes: ({ dataBytes, unlimited }) => (unlimited ? Number.POSITIVE_INFINITY : Number(dataBytes ?? 0n)),
  countries: (bundle) => basePlaces(bundle)[0]?.name ?? '',
};

function compare(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function placesBy(keysByPlace: readonly (readonly string[])[]): PlacesBy {
  const places = new Map<string, number[]>();
  for (const [place, keys] of keysByPlace.entries()) {
    for (const key of keys) {
      const known = places.get(key);
      if (!known) places.set(key, [place]);
      else if (known.at(-1) !== place) known.push(place);
    }
  }
  return places;
}

function inCapitals(places: PlacesBy): PlacesBy {
  return new Map([...places].map(([key, some]) => [key.toUpperCase(), some]));
}
