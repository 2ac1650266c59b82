// Where a bundle is at home: its one country, or the regions that its countries are in.
import { countryByCode } from './countries.ts';
import type { Product } from './product.ts';

export type Place = {
  /** ISO 3166-1 alpha-2, or the name of a region. */
  code: string;
  name: string;
  region: string;
};

/** The country of a bundle for one, else a place for each region of its countries, in the order of their names. */
export function basePlaces({ countries }: Pick<Product, 'countries'>): Place[] {
  if (countries.length <= 1) return placesOf({ countries });
  const regions = [...new Set(countries.map((code) => countryByCode.get(code)?.region ?? ''))].sort();
  return regions.map((region) => ({ code: region, name: region, region }));
}

/** All countries that a bundle works in. */
export function placesOf({ countries }: Pick<Product, 'countries'>): Place[] {
  return countries.map((code) => countryByCode.get(code) ?? { code, name: code, region: '' });
}
