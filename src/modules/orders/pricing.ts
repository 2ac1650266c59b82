// What the pieces of an order cost its account: from the catalogue in memory, or its price list, by volume where that has tiers.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import {
  type AccountPrices,
  accountPrices,
  type Catalogue,
  catalogueWith,
  type PriceTier,
  priceAt,
} from '../catalogue/index.ts';
import type { OrderLineInput } from './order.ts';
import type { Volumes } from './volumes.ts';

/** The prices that an order goes by. */
export type Pricing = {
  catalogue: Catalogue;
  prices: AccountPrices;
  /** The names of ordered products that have several tiers, sorted: their volumes decide. */
  byVolume: readonly string[];
};

export type OrderToPrice = { accountId: string; currency: string; lines: readonly OrderLineInput[] };

/** The current prices for this order. */
export async function loadPricing(ctx: Ctx, order: OrderToPrice): Promise<Pricing> {
  const catalogue = await catalogueWith(
    ctx,
    order.lines.map((line) => line.product),
  );
  const prices = await accountPrices(ctx, catalogue, order.accountId);
  const bought = order.lines.filter((line) => !line.fromInventory).map((line) => line.product);
  const byVolume = [...new Set(bought)].filter((name) => {
    const product = catalogue.byName.get(name);
    return product !== undefined && prices(product, order.currency).length > 1;
  });
  return { catalogue, prices, byVolume: byVolume.sort() };
}

/**
 * The price of each piece of the line at `index`: that of the tier which what was ordered before and this order up to
 * the end of the line come to.
 */
export function unitPriceAt(
  tiers: readonly PriceTier[],
  lines: readonly OrderLineInput[],
  index: number,
  volumes: Volumes,
): bigint {
  const product = present(lines[index], 'a line to price').product;
  const ordered = lines
    .slice(0, index + 1)
    .filter((line) => line.product === product && !line.fromInventory)
    .reduce((sum, line) => sum + quantityOf(line), volumes.get(product) ?? 0);
  return present(priceAt(tiers, ordered), 'a price from the first piece on');
}

export function quantityOf({ esims, quantity }: OrderLineInput): number {
  return esims?.length ?? quantity ?? 1;
}
