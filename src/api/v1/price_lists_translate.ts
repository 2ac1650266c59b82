// Price lists between the wire and the core.
import type { z } from 'zod';
import type { NewPriceList, PriceList, PriceListHead } from '../../modules/catalogue/index.ts';
import { readMoney, writeMoney } from './money_translate.ts';
import type { accountPriceList, priceList, priceListPage, putPriceListBody } from './price_lists_schemas.ts';

/** Throws `invalid_request` for a price with too many decimals. */
export function readPriceList(name: string, { prices }: z.output<typeof putPriceListBody>): NewPriceList {
  return {
    name,
    prices: prices.map(({ product, fromQuantity, price }, index) => ({
      product,
      fromQuantity,
      currency: price.currency,
      amountMinor: readMoney(price, `prices[${index}].price`),
    })),
  };
}

export function writePriceList({ prices, ...head }: PriceList): z.output<typeof priceList> {
  return {
    ...writePriceListHead(head),
    prices: prices.map(({ product, fromQuantity, amountMinor, currency }) => ({
      product,
      fromQuantity,
      price: writeMoney(amountMinor, currency),
    })),
  };
}

export function writePriceListHead({
  id,
  name,
  createdAt,
}: PriceListHead): z.output<typeof priceListPage>['data'][number] {
  return { id, name, createdAt: createdAt.toISOString() };
}

export function writeAccountPriceList(list: PriceListHead | undefined): z.output<typeof accountPriceList> {
  return { priceList: list?.name ?? null };
}
