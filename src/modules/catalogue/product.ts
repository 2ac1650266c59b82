// A product: a bundle of data, messages and seconds for some countries and days, or an eSIM without any.
import type { Id } from '../../base/ids.ts';

export type Product = {
  id: Id<'product'>;
  /** Exact and case-sensitive, for example `esim_1GB_7D_NL_V2`. */
  name: string;
  kind: 'bundle' | 'esim';
  description: string;
  /** ISO 3166-1 alpha-2 codes. */
  countries: string[];
  /** Null when unlimited, or when there is no data. Bytes, base 10. */
  dataBytes: bigint | null;
  /** Of data. */
  unlimited: boolean;
  /** Messages; null for none. */
  smsCount: number | null;
  /** Seconds of voice; null for none. */
  voiceSeconds: number | null;
  validityDays: number | null;
  /** Of unlimited data: how much of it in a day is followed by which speed; null for full speed always. */
  fairUse: FairUseLevel[] | null;
  /** Percentages of an allowance at which it is told; null for those of the account. */
  thresholds: number[] | null;
  /** A bundle not used after so many days lapses. */
  lapseDays: number;
  /** An unused bundle can be given back within so many days; 0 for never. */
  refundDays: number;
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

export type FairUseLevel = { afterBytes: bigint; speedKbps: number };
