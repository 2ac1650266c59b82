// Products between the wire and the core.
import type { z } from 'zod';
import type { NewProduct, Product } from '../../modules/catalogue/index.ts';
import type { product, putProductsBody } from './catalogue_schemas.ts';
import { readMoney, writeMoney } from './money_translate.ts';

export function writeProduct({ dataBytes, fairUse, prices, ...same }: Product): z.output<typeof product> {
  return {
    ...same,
    dataBytes: dataBytes === null ? null : Number(dataBytes),
    fairUse: fairUse?.map((level) => ({ ...level, afterBytes: Number(level.afterBytes) })) ?? null,
    prices: Object.entries(prices).map(([currency, minor]) => writeMoney(minor, currency)),
  };
}

/** Throws `invalid_request` for a price with too many decimals. */
export function readProducts({ products }: z.output<typeof putProductsBody>): NewProduct[] {
  return products.map(({ dataBytes, fairUse, prices, ...same }, index) => ({
    ...same,
    dataBytes: dataBytes === null ? null : BigInt(dataBytes),
    fairUse: fairUse?.map((level) => ({ ...level, afterBytes: BigInt(level.afterBytes) })) ?? null,
    prices: Object.fromEntries(
      prices.map((price, place) => [price.currency, readMoney(price, `products[${index}].prices[${place}]`)]),
    ),
  }));
}
