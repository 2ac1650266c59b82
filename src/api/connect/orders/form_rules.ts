// What an order must hold by its operation, and what goes together: rules that need nothing but the order.
import type { FieldError } from '../../../base/app_error.ts';
import type { OrderInput, operations, Subscription } from './order_form.ts';

/** Subscriptions that may be active on one eSIM. */
export const activeMax = 15;

export type Operation = (typeof operations)[number];

/** Members that an order of each operation must have. */
export type RequiredMembers = Record<Operation, readonly (keyof typeof readers)[]>;

const topUp = ['device.id', 'esim.iccid', 'subscriptions'] as const;

export const requiredMembers: RequiredMembers = {
  NEW_ESIM: ['countryCode', 'customer.email', 'device.type', 'device.id', 'subscriptions'],
  TOPUP: topUp,
  TOPUP_ACTIVATION: topUp,
};

const readers = {
  countryCode: ({ countryCode }: OrderInput) => countryCode,
  'customer.email': ({ customer }: OrderInput) => customer?.email,
  'device.type': ({ device }: OrderInput) => device?.type,
  'device.id': ({ device }: OrderInput) => device?.id,
  'esim.iccid': ({ esim }: OrderInput) => esim?.iccid,
  subscriptions: ({ subscriptions }: OrderInput) => subscriptions,
};

/** All that breaks a rule. `now` is the time of the account. */
export function formFaults(input: OrderInput, required: RequiredMembers, now: Date): FieldError[] {
  const { operationType, subscriptions = [] } = input;
  const wanted = operationType === undefined ? ['subscriptions' as const] : required[operationType];
  return [
    ...(operationType === undefined ? [{ field: 'operationType', detail: 'required' }] : []),
    ...wanted
      .filter((member) => readers[member](input) === undefined)
      .map((field) => ({ field, detail: 'required' })),
    ...countFaults(input),
    ...subscriptions.flatMap((each, index) =>
      each ? subscriptionFaults(each, `subscriptions[${index}]`, now) : [],
    ),
  ];
}

function countFaults({ subscriptions }: OrderInput): FieldError[] {
  if (subscriptions === undefined) return [];
  const { length } = subscriptions;
  if (length > 0 && length <= activeMax) return [];
  const detail = `give 1 to ${activeMax}: an eSIM has at most so many that are active`;
  return [{ field: 'subscriptions', detail }];
}

function subscriptionFaults(of: Subscription, at: string, now: Date): FieldError[] {
  const { activationDate, price, currency } = of;
  const faults: FieldError[] = [];
  const fault = (member: string, detail: string) => faults.push({ field: `${at}.${member}`, detail });
  if (productIdOf(of) === undefined) fault('product_id', 'required');
  if (activationDate && activationDate.getTime() < now.getTime() - lateMs)
    fault('activationDate', 'is in the past');
  if (activationDate && activationDate.getTime() > now.getTime() + yearMs)
    fault('activationDate', 'give a time up to a year ahead');
  if (price !== undefined && currency === undefined) fault('currency', 'required with price');
  if (currency !== undefined && price === undefined) fault('price', 'required with currency');
  return faults;
}

export function productIdOf({ product_id: id, allowanceId }: Subscription): string | undefined {
  return id ?? allowanceId;
}

/** Clocks differ, and requests take their time: what a client calls now is not refused for that. */
const lateMs = 60_000;
const yearMs = 366 * 86_400_000;
