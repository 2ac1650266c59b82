// A customer: who an eSIM is for, as the account that sells it knows them.
import { AppError, type FieldError } from '../../base/app_error.ts';
import type { Id } from '../../base/ids.ts';

export const customerTypes = ['PERSONAL', 'BUSINESS'] as const;

export type Customer = CustomerDetails & {
  id: Id<'customer'>;
  accountId: string;
  /** An address or any other identifier, up to 254 characters. */
  email: string;
  createdAt: Date;
  updatedAt: Date;
};

/** Left out: not known. */
export type CustomerDetails = {
  type?: (typeof customerTypes)[number];
  firstName?: string;
  lastName?: string;
  /** Of a business. */
  companyName?: string;
  companyNumber?: string;
  jobTitle?: string;
  /** BCP 47. */
  language?: string;
  /** ISO 3166-1 alpha-2. */
  countryOfResidence?: string;
  phoneNumber?: string;
  /** ISO 4217. */
  defaultCurrency?: string;
  verified?: boolean;
  billingAddress?: Address;
  shippingAddress?: Address;
};

export type Address = {
  streetAddress1?: string;
  streetAddress2?: string;
  city?: string;
  state?: string;
  postCode?: string;
  country?: string;
};

/** What is null is no longer known; what is left out stays, in addresses too. */
export type CustomerChange = Nullable<Omit<CustomerDetails, AddressName>> & {
  [name in AddressName]?: Nullable<Address> | null;
} & { email?: string };

type AddressName = 'billingAddress' | 'shippingAddress';
type Nullable<T> = { [name in keyof T]?: T[name] | null };

/** Throws `invalid_request` naming every field at fault. */
export function checkCustomer({ email, ...details }: { email: string } & CustomerDetails): void {
  const fields = [
    ...(isIdentifier(email) ? [] : [{ field: 'email', detail: 'give 1 to 254 characters' }]),
    ...textFaults(details, ''),
    ...addressFaults(details.billingAddress, 'billingAddress'),
    ...addressFaults(details.shippingAddress, 'shippingAddress'),
    ...formFaults(details),
  ];
  if (fields.length > 0) throw new AppError('invalid_request', 'The customer is not valid.', { fields });
}

export function isIdentifier(email: string): boolean {
  return email.trim() !== '' && email.length <= 254 && !email.includes('\0');
}

const textCharsMax = 200;

function textFaults(of: object, path: string): FieldError[] {
  return Object.entries(of).flatMap(([name, value]) =>
    typeof value === 'string' && (value.length > textCharsMax || value.includes('\0'))
      ? [{ field: `${path}${name}`, detail: `give at most ${textCharsMax} characters` }]
      : [],
  );
}

function addressFaults(address: Address | undefined, name: string): FieldError[] {
  if (address === undefined) return [];
  const faults = textFaults(address, `${name}.`);
  return address.country === undefined || isCountry(address.country)
    ? faults
    : [...faults, { field: `${name}.country`, detail: twoLetters }];
}

function formFaults({ countryOfResidence, defaultCurrency }: CustomerDetails): FieldError[] {
  return [
    ...(countryOfResidence === undefined || isCountry(countryOfResidence)
      ? []
      : [{ field: 'countryOfResidence', detail: twoLetters }]),
    ...(defaultCurrency === undefined || /^[A-Z]{3}$/.test(defaultCurrency)
      ? []
      : [{ field: 'defaultCurrency', detail: 'give three capital letters (ISO 4217)' }]),
  ];
}

const twoLetters = 'give two capital letters (ISO 3166-1)';

function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text);
}
