// A subscription as the vendor writes it: balances are texts of bytes, and so is whether it renews itself.
import { type Bundle, type BundleState, remainingOf } from '../../../modules/bundles/index.ts';
import { planOf } from '../products/sold_products.ts';
import { writeDate } from '../wire/date.ts';
import type { AboutSubscriptions } from './load_about.ts';

export function writeSubscription(bundle: Bundle, about: AboutSubscriptions) {
  const { id, esimId, orderId, assignedAt } = bundle;
  const { initial, spent } = balancesOf(bundle);
  const iccid = about.iccidByEsim.get(esimId);
  const device = about.deviceByOrder.get(orderId);
  return {
    id,
    status: statusOf[bundle.state],
    initialBalance: String(initial),
    spentBalance: String(spent),
    ...datesOf(bundle, { activation: 'activationDate', expiry: 'expirationDate' }),
    createdDate: writeDate(assignedAt),
    product: writeProduct(bundle, about),
    ...(iccid !== undefined && { iccid }),
    ...(device && { device_id: device.id }),
    auto_renew: 'false',
  };
}

export type SubscriptionStatus = 'PENDING' | 'ACTIVE' | 'DEPLETED' | 'EXPIRED';

/** What lapsed or was given back is not to be had any more. */
export const statusOf: Record<BundleState, SubscriptionStatus> = {
  processing: 'PENDING',
  queued: 'PENDING',
  active: 'ACTIVE',
  depleted: 'DEPLETED',
  expired: 'EXPIRED',
  lapsed: 'EXPIRED',
  revoked: 'EXPIRED',
};

/** Bytes; -1 is without a limit, and 0 of a bundle without data. */
export function balancesOf({ allowances: { data } }: Bundle): {
  initial: bigint;
  spent: bigint;
  left: bigint;
} {
  if (!data) return { initial: 0n, spent: 0n, left: 0n };
  return { initial: data.initial ?? unlimited, spent: data.used, left: remainingOf(data) ?? unlimited };
}

const unlimited = -1n;

/** When it started or is to start, and its end, by the names that the version of the API has for them. */
export function datesOf<A extends string, E extends string>(
  { startsAt, activatesAt, endsAt }: Bundle,
  names: { activation: A; expiry: E },
): Partial<Record<A | E, string>> {
  const starts = startsAt ?? activatesAt;
  return {
    ...(starts && { [names.activation]: writeDate(starts) }),
    ...(endsAt && { [names.expiry]: writeDate(endsAt) }),
  } as Partial<Record<A | E, string>>;
}

function writeProduct({ productName, validityDays }: Bundle, about: AboutSubscriptions) {
  const product = about.products.get(productName);
  return {
    id: productName,
    name: product?.description ?? productName,
    period: validityDays,
    period_unit: 'DAYS',
    plan_id: product ? planOf(product) : productName,
  };
}
