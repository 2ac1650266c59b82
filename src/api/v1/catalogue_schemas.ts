// Products and countries on the wire.
import { z } from 'zod';
import { listOf, money, named, text } from './schemas.ts';

const names = z.array(text(100)).max(100);
const countries = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'give two capital letters (ISO 3166-1 alpha-2)'))
  .max(300);
const dataBytes = z.int().min(1).nullable().describe('Bytes, base 10; null when unlimited or without data.');
const kind = z.enum(['bundle', 'esim']).describe('A bundle of data, or an eSIM without any.');
const prices = z.array(money).describe('One for each currency.');

export const product = named(
  'Product',
  z.object({
    id: z.string(),
    name: z.string(),
    kind,
    description: z.string(),
    countries: z.array(z.string()).describe('ISO 3166-1 alpha-2.'),
    dataBytes,
    unlimited: z.boolean(),
    validityDays: z.int().nullable(),
    speeds: z.array(z.string()),
    groups: z.array(z.string()),
    autostart: z.boolean().describe('Starts with the first use instead of at once.'),
    profileType: z.string(),
    state: z.enum(['active', 'retired']),
    prices,
  }),
);

export const productList = listOf('ProductList', product);

const newProduct = named(
  'NewProduct',
  z.strictObject({
    name: text(100).describe('Letters, digits, `_ . + -`; exact and case-sensitive ever after.'),
    kind,
    description: text(500),
    countries,
    dataBytes: dataBytes.default(null),
    unlimited: z.boolean().default(false),
    validityDays: z.int().min(1).max(3660).nullable().default(null),
    speeds: names.default([]),
    groups: names.default([]),
    autostart: z.boolean().default(true),
    profileType: text(64),
    state: z.enum(['active', 'retired']).exactOptional(),
    prices: prices
      .min(1)
      .max(50)
      .refine((given) => areUnique(given.map((price) => price.currency)), 'give each currency once'),
  }),
);

export const putProductsBody = named(
  'PutProducts',
  z.strictObject({
    products: z
      .array(newProduct)
      .min(1)
      .max(1000)
      .refine((given) => areUnique(given.map((each) => each.name)), 'give each name once'),
  }),
);

export const putProductsAnswer = named('ProductsPut', z.object({ count: z.int() }));

export const countryList = named(
  'CountryList',
  z.object({ data: z.array(z.object({ code: z.string(), name: z.string(), region: z.string() })) }),
);

function areUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
