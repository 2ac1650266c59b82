// What queries and bodies hold: values as clients really send them become what the document says, or a named fault.
import { z } from 'zod';

/** `true`, `"true"`, `1` and their opposites: clients of the vendor send all of them. */
export const flag = z
  .union(
    [z.boolean(), z.literal([0, 1]), z.string().regex(/^(true|false|0|1)$/i, 'give true or false')],
    'give true or false',
  )
  .transform((given) => ['true', '1'].includes(String(given).toLowerCase()));

/** A whole number from `min` to `max`, as a number or in digits. */
export function whole(min: number, max: number) {
  const error = `give a whole number from ${min} to ${max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d{1,15}$/, error)
          .transform(Number),
      ],
      error,
    )
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, error);
}

/** 1 to `charsMax` characters. */
export function text(charsMax: number) {
  return z
    .string({ error: givenOnce })
    .min(1, 'give a value')
    .max(charsMax, `give at most ${charsMax} characters`);
}

/** One of these words exactly. */
export function choice<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, {
    error: ({ input }) => (input === undefined ? undefined : `give ${words.join(', ')}`),
  });
}

/** Several texts, or one alone; those that are empty are left out: `[""]` is none. */
export function texts(itemsMax: number, charsMax: number) {
  const item = z.string('give texts').max(charsMax, `give at most ${charsMax} characters`);
  return z
    .union([item.transform((one) => [one]), z.array(item)], 'give texts')
    .transform((all) => all.filter((each) => each.trim() !== ''))
    .refine((all) => all.length <= itemsMax, `give at most ${itemsMax} values`);
}

/** Of a member that may be left out: null and an empty text are as good as nothing. */
export function blank<T extends z.ZodType>(schema: T) {
  return z.preprocess((given) => (given === null || given === '' ? undefined : given), schema.optional());
}

/** A query parameter that came twice is an array here. */
function givenOnce({ input }: { input?: unknown }): string | undefined {
  return Array.isArray(input) ? 'give it once' : undefined;
}
