// What a request says of a customer: whole, or as a change in which null takes a member away.
import { z } from 'zod';
import { customerTypes } from '../../../modules/customers/index.ts';

/** Of a customer or an address. The core checks lengths and codes, all of them at once. */
const word = z.string('give text').nullable().exactOptional();

const address = z
  .object({
    streetAddress1: word,
    streetAddress2: word,
    city: word,
    state: word,
    postCode: word,
    country: word,
  })
  .nullable()
  .exactOptional();

const details = {
  type: z
    .enum(customerTypes, `give ${customerTypes.join(' or ')}`)
    .nullable()
    .exactOptional(),
  firstName: word,
  lastName: word,
  companyName: word,
  companyNumber: word,
  jobTitle: word,
  language: word,
  countryOfResidence: word,
  phoneNumber: word,
  defaultCurrency: word,
  verified: z.boolean('give true or false').nullable().exactOptional(),
  billingAddress: address,
  shippingAddress: address,
};

const email = z.string({ error: ({ input }) => (input === undefined ? undefined : 'give text') });

export const customerBody = z.object({ email, ...details });
export const customerPatch = z.object({ email: email.exactOptional(), ...details });
