// What an order asks for, member by member as the vendor documents it: what must be there is a matter of its operation.
import { z } from 'zod';
import { isCountryCode } from '../../../modules/catalogue/index.ts';
import { date } from '../wire/date.ts';
import { eid, iccid, text } from '../wire/fields.ts';

const nameCharsMax = 200;
const emailCharsMax = 254;
/** So many are read; how many may be active is a rule. */
const subscriptionsMax = 100;

export const operations = ['NEW_ESIM', 'TOPUP', 'TOPUP_ACTIVATION'] as const;
export const deviceTypes = ['ios', 'android', 'iot'] as const;

/** Null is as good as nothing. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((given) => given ?? undefined, schema.optional());
}

/** So is an empty text. */
function blank<T extends z.ZodType>(schema: T) {
  return optional(z.preprocess((given) => (given === '' ? undefined : given), schema.optional()));
}

function choice<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: () => `give ${words.join(', ')}` });
}

function object<T extends z.ZodRawShape>(shape: T) {
  return optional(z.object(shape, 'give an object'));
}

const name = blank(text(nameCharsMax));

const country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'give the two letters of a country')
  .transform((code) => code.toUpperCase());

const subscription = object({
  product_id: blank(text(nameCharsMax)),
  /** What `product_id` was called before. */
  allowanceId: blank(text(nameCharsMax)),
  activationDate: blank(date),
  price: blank(
    z
      .union([z.number(), z.string().regex(/^\d{1,12}(\.\d{1,4})?$/)], 'give an amount like 10.00')
      .transform(Number),
  ),
  currency: blank(
    z
      .string()
      .regex(/^[A-Za-z]{3}$/, 'give the three letters of a currency')
      .transform((code) => code.toUpperCase()),
  ),
});

export const orderInput = z.object(
  {
    operationType: blank(choice(operations)),
    countryCode: blank(country.refine(isCountryCode, 'give the two letters of a country')),
    customer: object({
      // Given as an empty text: nobody in particular.
      email: optional(
        z
          .string()
          .max(emailCharsMax, `give at most ${emailCharsMax} characters`)
          .refine((value) => !value.includes('\0'), 'give text without NUL'),
      ),
      firstName: name,
      lastName: name,
      countryOfResidence: blank(country),
    }),
    device: object({
      id: name,
      type: blank(z.preprocess(lowerCase, choice(deviceTypes))),
      make: name,
      model: name,
      eid: blank(eid),
    }),
    subscriptions: optional(
      z
        .array(subscription, 'give a list of subscriptions')
        .max(subscriptionsMax, `give at most ${subscriptionsMax}`),
    ),
    esim: object({ iccid: blank(iccid) }),
  },
  'give an object',
);

export type OrderInput = z.output<typeof orderInput>;
export type Subscription = NonNullable<NonNullable<OrderInput['subscriptions']>[number]>;

function lowerCase(given: unknown): unknown {
  return typeof given === 'string' ? given.toLowerCase() : given;
}
