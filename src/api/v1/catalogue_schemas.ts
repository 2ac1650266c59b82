// Products and countries on the wire.
import { z } from 'zod';
import { listOf, money, named, text } from './schemas.ts';

const names = z.array(text(100)).max(100);
const dataBytes = z.int().min(1).nullable().describe('Bytes, base 10; null when unlimited or without data.');
const count = z.int().min(1).max(2_147_483_647).nullable();
const smsCount = count.describe('Messages; null for none.');
const voiceSeconds = count.describe('Seconds of voice; null for none.');
const fairUse = z
  .array(
    z.strictObject({
      afterBytes: z.int().min(1).describe('Used in a day of the bundle.'),
      speedKbps: z.int().min(1).max(100_000_000),
    }),
  )
  .min(1)
  .max(10)
  .nullable()
  .describe('How unlimited data is slowed down, level by level; null for not at all.');
const thresholds = z
  .array(z.int().min(1).max(100))
  .max(20)
  .nullable()
  .describe('Percentages of an allowance at which you are told; null for those of your account.');
const lapseDays = z.int().min(1).max(3660).describe('A bundle not used within so many days lapses.');
const refundDays = z
  .int()
  .min(0)
  .max(3660)
  .describe('An unused bundle can be given back for so long; 0: never.');
export const countryCode = z.string().regex(/^[A-Z]{2}$/, 'give two capital letters (ISO 3166-1 alpha-2)');
const countries = z.array(countryCode).max(300);
const kind = z.enum(['bundle', 'esim']).describe('A bundle of allowances, or an eSIM without any.');
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
    smsCount,
    voiceSeconds,
    validityDays: z.int().nullable(),
    fairUse,
    thresholds,
    lapseDays,
    refundDays,
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
    smsCount: smsCount.default(null),
    voiceSeconds: voiceSeconds.default(null),
    validityDays: z.int().min(1).max(3660).nullable().default(null),
    fairUse: fairUse.default(null),
    thresholds: thresholds.default(null),
    lapseDays: lapseDays.default(365),
    refundDays: refundDays.default(60),
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

const network = named(
  'Network',
  z.object({
    id: z.string(),
    mcc: z.string(),
    mnc: z.string(),
    country: z.string().describe('ISO 3166-1 alpha-2.'),
    name: z.string(),
    brand: z.string(),
    technologies: z.array(z.enum(['2G', '3G', '4G', '5G'])),
  }),
);

export const networkList = listOf('NetworkList', network);

function areUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
