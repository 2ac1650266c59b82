// What the catalogue can be asked for by query: its filters, its order and its page, between the wire and the core.
import { z } from 'zod';
import type { BundleOrder, ProductCriteria } from '../../../modules/catalogue/index.ts';
import { choice, text, texts, whole } from '../wire/fields.ts';

/** The core's orders by the vendor's words. */
const orders = {
  name: 'name',
  description: 'description',
  price: 'price',
  duration: 'validityDays',
  dataAmount: 'dataBytes',
  countries: 'countries',
} as const satisfies Record<string, BundleOrder>;

const orderNames = Object.keys(orders) as [keyof typeof orders];

const codesMax = 300;

/** `GB, US`, or the name repeated with one in each. */
const codes = texts(codesMax, 2_000)
  .transform((lists) => lists.flatMap((list) => list.split(',').map((code) => code.trim())))
  .transform((all) => all.filter((code) => code !== ''))
  .refine((all) => all.length <= codesMax, `give at most ${codesMax} codes`);

const filters = {
  countries: codes.exactOptional(),
  region: text(100).exactOptional(),
  group: text(100).exactOptional(),
  description: text(200).exactOptional(),
};

function paging(perPageDefault: number) {
  return { page: whole(1, 1_000_000).default(1), perPage: whole(1, 1_000).default(perPageDefault) };
}

export const catalogueQuery = z.object({
  ...filters,
  ...paging(50),
  orderBy: choice(orderNames)
    .default('name')
    .transform((name) => orders[name]),
  direction: z.preprocess(lowerCase, choice(['asc', 'desc'])).default('asc'),
});

export const priceQuery = z.object({ ...filters, ...paging(1_000) });

function lowerCase(given: unknown): unknown {
  return typeof given === 'string' ? given.toLowerCase() : given;
}

/** A list of countries with nothing in it is as good as none. */
export function readCriteria({ countries = [], ...rest }: ProductCriteria): ProductCriteria {
  return countries.length === 0 ? rest : { ...rest, countries };
}

/** What stands beside the items of a page. */
export function writePaging(rows: number, perPage: number) {
  return { pageCount: Math.ceil(rows / perPage), rows, pageSize: perPage };
}
