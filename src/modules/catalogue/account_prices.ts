// What an account pays: its price list where it has one with the product in it, else the catalogue.
import type { Ctx } from '../../pg/ctx.ts';
import type { Catalogue } from './current_catalogue.ts';
import { type PriceTier, type PriceTiers, tiersOf } from './price_list.ts';
import { loadPrices } from './price_list_row.ts';
import type { Product } from './product.ts';

/** The tiers of the product's price in this currency, ascending, the first one from 1; none when it is not sold in it. */
export type AccountPrices = (product: Product, currency: string) => readonly PriceTier[];

/**
 * The account's prices as of this catalogue. They may be newer than its revision says, never older: an order priced from
 * them is refused as stale then.
 */
export async function accountPrices(
  ctx: Ctx,
  catalogue: Catalogue,
  accountId: string,
): Promise<AccountPrices> {
  const listId = catalogue.priceListIds.get(accountId);
  if (listId === undefined) return catalogueTiers;
  const own = await heldTiers(ctx, catalogue, listId);
  return (product, currency) => own.get(product.name)?.get(currency) ?? catalogueTiers(product, currency);
}

function catalogueTiers({ prices }: Product, currency: string): readonly PriceTier[] {
  const amountMinor = prices[currency];
  return amountMinor === undefined ? [] : [{ fromQuantity: 1, amountMinor }];
}

/** Read when an order first needs it: most lists are of accounts that other nodes serve, or that do not order now. */
async function heldTiers(ctx: Ctx, catalogue: Catalogue, listId: string): Promise<PriceTiers> {
  const held = tiersBy.get(catalogue) ?? new Map<string, PriceTiers>();
  tiersBy.set(catalogue, held);
  const known = held.get(listId);
  if (known) return known;
  const tiers = tiersOf(await loadPrices(ctx, listId));
  held.set(listId, tiers);
  return tiers;
}

// Gone with the copy of the catalogue that they were read for.
const tiersBy = new WeakMap<Catalogue, Map<string, PriceTiers>>();
