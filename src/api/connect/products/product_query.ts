// What products can be asked for by query: a currency, under either of its names, and a plan.
import { z } from 'zod';
import { blank, text } from '../wire/fields.ts';
import type { ProductsWanted } from './sold_products.ts';

const currency = blank(
  z
    .string('give it once')
    .regex(/^[A-Za-z]{3}$/, 'give the three letters of a currency')
    .transform((code) => code.toUpperCase()),
);

const planCharsMax = 200;

export const productQuery = { currency, targetCurrency: currency, plan_id: blank(text(planCharsMax)) };

export type ProductQuery = z.output<z.ZodObject<typeof productQuery>>;

export function readProductsWanted({
  currency: asked,
  targetCurrency,
  plan_id: planId,
}: ProductQuery): ProductsWanted {
  return { currency: asked ?? targetCurrency, planId };
}
