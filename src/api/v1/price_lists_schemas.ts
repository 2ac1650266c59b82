// Price lists on the wire.
import { z } from 'zod';
import { listOf, money, named, text } from './schemas.ts';

const listPrice = named(
  'ListPrice',
  z
    .strictObject({
      product: text(100).describe('The name of a product.'),
      fromQuantity: z
        .int()
        .min(1)
        .max(1_000_000_000_000)
        .default(1)
        .describe(
          'From which volume on it holds: over all that the account has ordered of the product, and this order.',
        ),
      price: money.describe('For each piece.'),
    })
    .refine(({ price }) => !price.amount.startsWith('-'), {
      path: ['price', 'amount'],
      message: 'give 0 or more',
    }),
);

const head = {
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
};

export const priceList = named('PriceList', z.object({ ...head, prices: z.array(listPrice) }));

export const priceListPage = listOf('PriceListPage', named('PriceListHead', z.object(head)));

export const putPriceListBody = named(
  'PutPriceList',
  z
    .strictObject({ prices: z.array(listPrice).max(50_000) })
    .describe('Each product needs a price from 1 on in each currency that it has a price in.'),
);

export const accountPriceList = named(
  'AccountPriceList',
  z.strictObject({
    priceList: text(100).nullable().describe('Its name; null for the prices of the catalogue.'),
  }),
);
