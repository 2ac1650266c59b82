// The schemas that several resources share; named ones become components of the OpenAPI document.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';

/** Every named schema, by its id in `#/components/schemas`. */
export const components = z.registry<{ id: string }>();

/** Gives `schema` a name in the OpenAPI document. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  components.add(schema, { id });
  return schema;
}

/** Text of 1 to `charsMax` characters, all of which can be stored and shown. */
export function text(charsMax: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'give text without control characters');
}

export const money = named(
  'Money',
  z
    .strictObject({
      amount: z
        .string()
        .regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'give a decimal number in text, like "12.34"')
        .describe('Decimal number as text, with as many decimals as the currency has.')
        .meta({ examples: ['12.34'] }),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'give three capital letters (ISO 4217)')
        .describe('ISO 4217.')
        .meta({ examples: ['EUR'] }),
    })
    .describe('An amount of money.'),
);

export const time = z.iso.datetime().describe('ISO 8601, UTC.');

/** Members of every query that pages through a list. */
export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.pageSizeMax)
    .default(limits.pageSizeDefault)
    .describe('Items on one page.'),
  cursor: text(200).exactOptional().describe('`nextCursor` of the page before.'),
};

/** A page of `items`. */
export function listOf<S extends z.ZodType>(id: string, items: S) {
  return named(
    id,
    z.object({
      data: z.array(items),
      nextCursor: z.string().nullable().describe('Give it as `cursor` to go on; null at the end.'),
    }),
  );
}

export const problem = named(
  'Problem',
  z
    .object({
      type: z.string().describe('The page that explains the code, relative to this server.'),
      title: z.string(),
      status: z.int(),
      code: z.string().describe('Stable: decide by this.'),
      detail: z.string().describe('What is wrong this time, for a person.'),
      fields: z.array(z.object({ field: z.string(), detail: z.string() })).exactOptional(),
      requestId: z.string(),
    })
    .describe('Problem details (RFC 9457).'),
);
