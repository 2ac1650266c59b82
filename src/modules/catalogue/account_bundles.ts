// The bundles that an account can order, with its prices: one copy per revision, price list and currency.
import type { Ctx } from '../../pg/ctx.ts';
import { type AccountPrices, accountPrices } from './account_prices.ts';
import { type BundleIndex, type BundleOrder, bundleIndexOf, type Ranking, rankBy } from './bundle_index.ts';
import { type Catalogue, currentCatalogue } from './current_catalogue.ts';
import { HeldLast } from './held_last.ts';
import type { PriceTier } from './price_list.ts';
import type { Product } from './product.ts';

export type AccountBundles = {
  catalogue: Catalogue;
  index: BundleIndex;
  isSold: (place: number) => boolean;
  soldAt: (place: number) => SoldProduct;
  order: (by: BundleOrder) => Ranking;
  /** Ascending places of what was searched for lately. */
  found: HeldLast<Int32Array>;
};

export type SoldProduct = {
  product: Product;
  /** Of one piece, the first that the account orders. */
  amountMinor: bigint;
  /** By how much of it the account orders, the first one from 1. */
  tiers: readonly PriceTier[];
};

export type Buyer = {
  accountId: string;
  /** ISO 4217. */
  currency: string;
};

/** As of the catalogue in memory. */
export async function accountBundles(ctx: Ctx, { accountId, currency }: Buyer): Promise<AccountBundles> {
  const catalogue = await currentCatalogue(ctx);
  const prices = await accountPrices(ctx, catalogue, accountId);
  const held = heldOf(catalogue);
  const key = `${catalogue.priceListIds.get(accountId) ?? ''} ${currency}`;
  return held.byPrices.get(key, () => bundlesAt(catalogue, held.index, { prices, currency }));
}

type Held = { index: BundleIndex; byPrices: HeldLast<AccountBundles> };

// Of 50,000 bundles a copy takes 0.8 MB, and a list of found ones at most 0.2 MB.
const copiesMax = 8;
const foundListsMax = 32;

function heldOf(catalogue: Catalogue): Held {
  const known = heldBy.get(catalogue);
  if (known) return known;
  const held = { index: bundleIndexOf(catalogue), byPrices: new HeldLast<AccountBundles>(copiesMax) };
  heldBy.set(catalogue, held);
  return held;
}

// Gone with the copy of the catalogue that they were made from.
const heldBy = new WeakMap<Catalogue, Held>();

type Priced = { prices: AccountPrices; currency: string };

function bundlesAt(catalogue: Catalogue, index: BundleIndex, { prices, currency }: Priced): AccountBundles {
  const { bundles } = index;
  const amounts = BigInt64Array.from(
    bundles,
    (product) => prices(product, currency)[0]?.amountMinor ?? notSold,
  );
  let byPrice: Ranking | undefined;
  return {
    catalogue,
    index,
    isSold: (place) => amounts[place] !== notSold,
    soldAt: (place) => soldProduct(bundles[place] as Product, prices, currency),
    order: (by) => {
      if (by !== 'price') return index.order(by);
      byPrice ??= rankBy(amounts);
      return byPrice;
    },
    found: new HeldLast(foundListsMax),
  };
}

const notSold = -1n;

function soldProduct(product: Product, prices: AccountPrices, currency: string): SoldProduct {
  const tiers = prices(product, currency);
  return { product, amountMinor: tiers[0]?.amountMinor ?? 0n, tiers };
}
