// What queries and bodies of this door hold, read into what the core takes or refused by name.
import { z } from 'zod';
import { isEid } from '../../../base/digits.ts';

/** Of a parameter that may be left out: an empty text is as good as nothing. */
export function blank<T extends z.ZodType>(schema: T) {
  return z.preprocess((given) => (given === '' ? undefined : given), schema.optional());
}

/** 1 to `charsMax` characters, all of which the database can hold. */
export function text(charsMax: number) {
  return z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'give it once' : undefined) })
    .min(1, 'give a value')
    .max(charsMax, `give at most ${charsMax} characters`)
    .refine((value) => !value.includes('\0'), 'give text without NUL')
    .refine((value) => value.isWellFormed(), 'give whole characters');
}

/** A whole number from `min` to `max`, as a number or in digits. */
export function whole(min: number, max: number) {
  const error = `give a whole number from ${min} to ${max}`;
  const digits = z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number);
  return z
    .union([z.number(), digits], error)
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, error);
}

/** The vendor's documentation shows ICCIDs in queries with a slash behind them. */
export const iccid = z
  .string({ error: ({ input }) => (Array.isArray(input) ? 'give it once' : undefined) })
  .regex(/^\d{18,20}\/?$/, 'give the 18 to 20 digits of an ICCID')
  .transform((digits) => digits.replace('/', ''));

export const eid = z
  .string()
  .regex(/^\d{32}$/, 'give the 32 digits of an EID')
  .refine(
    (digits) => !/^\d{32}$/.test(digits) || isEid(digits),
    'the check digits of this EID are not right',
  );
