// What the vendor's documentation shows of its resources in version 1, with what this door adds to them.
import {
  bareHost,
  bytesText,
  code,
  flag,
  listOf,
  maybe,
  number,
  object,
  text,
  time,
  url,
  whole,
  words,
} from './schema_words.ts';

const orderStates = ['ACCEPTED', 'FULFILLING', 'COMPLETED', 'FAILED'] as const;
export const orderState = words(...orderStates);
export const simStatus = words('Released', 'Downloaded', 'Installed', 'Unavailable');

const address = object({
  streetAddress1: maybe(text),
  streetAddress2: maybe(text),
  city: maybe(text),
  state: maybe(text),
  postCode: maybe(text),
  country: maybe(text),
});

/** Members of a customer beside its id and email. */
export const customerDetails = {
  type: maybe(words('PERSONAL', 'BUSINESS')),
  firstName: maybe(text),
  lastName: maybe(text),
  language: maybe(text),
  countryOfResidence: maybe(text),
  phoneNumber: maybe(text),
  defaultCurrency: maybe(text),
  verified: maybe(flag),
  billingAddress: maybe(address),
  shippingAddress: maybe(address),
  companyName: maybe(text),
  companyNumber: maybe(text),
  jobTitle: maybe(text),
};

export const resources = {
  AcceptedOrder: object({ id: text, externalId: text, status: words('ACCEPTED') }),
  Order: object({
    output: maybe(
      object({
        matchingId: maybe(text),
        iccid: text,
        smdpUrl: bareHost,
        lpa_url: maybe(code),
        qrcode_url: maybe(url),
        subscription_id: maybe(text),
        subscription_ids: listOf(text),
      }),
    ),
    status: orderState,
    externalId: text,
    id: text,
    messages: maybe(listOf(text)),
  }),
  Product: object({
    id: text,
    name: text,
    description: text,
    period: whole,
    period_unit: words('DAYS'),
    data: object({ value: number, unit: words('GB') }),
    footprint: listOf(text),
    activeCountries: listOf(text),
    active_countries: listOf(text),
    pricing: { type: 'object', additionalProperties: number },
    region: text,
  }),
  Sim: object({
    iccid: text,
    matching_id: maybe(text),
    matchingId: maybe(text),
    status: simStatus,
    profileStatus: simStatus,
    eid: maybe(text),
    last_modified: time,
    lpa_url: maybe(code),
  }),
  Preferences: object({
    notifications: listOf(object({ type: text, webhook_url: url })),
  }),
  Subscription: object({
    id: text,
    status: words('PENDING', 'ACTIVE', 'DEPLETED', 'EXPIRED'),
    initialBalance: bytesText,
    spentBalance: bytesText,
    activationDate: maybe(time),
    expirationDate: maybe(time),
    createdDate: time,
    product: object({ id: text, name: text, period: whole, period_unit: words('DAYS'), plan_id: text }),
    iccid: maybe(text),
    device_id: maybe(text),
    auto_renew: words('false'),
  }),
  Customer: object({ id: text, email: text, ...customerDetails }),
  PaymentMethod: object({
    id: text,
    type: text,
    gateway: text,
    name: maybe(text),
    last_digits: text,
    expiry_month: whole,
    expiry_year: whole,
  }),
  PaymentMethodId: object({ id: text }),
  Error: object({
    type: { type: 'string', pattern: '^[A-Z_]+$' },
    messages: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
  }),
} as const;
