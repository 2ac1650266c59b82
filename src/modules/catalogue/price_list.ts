// A price list: what products cost the accounts that have it, by how much they ordered.

export type PriceList = PriceListHead & { prices: ListPrice[] };

export type PriceListHead = { id: string /** Exact and unique. */; name: string; createdAt: Date };

export type ListPrice = PriceTier & {
  /** The name of a product. */
  product: string;
  /** ISO 4217. */
  currency: string;
};

/** A price per piece, and from which volume on it holds: 1 for the first piece that the account orders. */
export type PriceTier = { fromQuantity: number; amountMinor: bigint };

/** Tiers by product name and currency, ascending. */
export type PriceTiers = ReadonlyMap<string, ReadonlyMap<string, readonly PriceTier[]>>;

/** `prices` by product and currency; they come in ascending order of `fromQuantity`. */
export function tiersOf(prices: readonly ListPrice[]): PriceTiers {
  const tiers = new Map<string, Map<string, PriceTier[]>>();
  for (const { product, currency, fromQuantity, amountMinor } of prices) {
    const byCurrency = tiers.get(product) ?? new Map<string, PriceTier[]>();
    const known = byCurrency.get(currency) ?? [];
    known.push({ fromQuantity, amountMinor });
    tiers.set(product, byCurrency.set(currency, known));
  }
  return tiers;
}

/** The price at this volume: that of the last tier that begins at or below it. `tiers` has one from 1 on. */
export function priceAt(tiers: readonly PriceTier[], volume: number): bigint | undefined {
  return tiers.findLast(({ fromQuantity }) => fromQuantity <= volume)?.amountMinor;
}
