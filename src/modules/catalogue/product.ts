// A product: a bundle of data for some countries and days, or an eSIM without any.
import type { Id } from '../../base/ids.ts';

export type Product = {
  id: Id<'product'>;
  /** Exact and case-sensitive, for example `esim_1GB_7D_NL_V2`. */
  name: string;
  kind: 'bundle' | 'esim';
  description: string;
  /** ISO 3166-1 alpha-2 codes. */
  countries: string[];
  /** Null when unlimited, or when there is no data (kind `esim`). Bytes, base 10. */
  dataBytes: bigint | null;
  unlimited: boolean;
  validityDays: number | null;
  speeds: string[];
  groups: string[];
  /** Starts with the first use instead of at once. */
  autostart: boolean;
  /** The name of the profile type that a new eSIM for this product is made from. */
  profileType: string;
  state: 'active' | 'retired';
  /** Minor units by ISO 4217 code. */
  prices: Record<string, bigint>;
};
