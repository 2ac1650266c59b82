// A subscription as version 2 writes it.
import type { Bundle } from '../../../modules/bundles/index.ts';
import type { AboutSubscriptions } from '../subscriptions/load_about.ts';
import {
  balancesOf,
  datesOf,
  type SubscriptionStatus,
  statusOf,
} from '../subscriptions/subscription_translate.ts';
import { writeDate } from '../wire/date.ts';
import { type Linking, linkTo } from './links.ts';

export function writeSubscriptionV2(call: Linking, bundle: Bundle, about: AboutSubscriptions) {
  const { id, productName, esimId, assignedAt } = bundle;
  const { initial, spent, left } = balancesOf(bundle);
  const iccid = about.iccidByEsim.get(esimId);
  return {
    id,
    name: about.products.get(productName)?.description ?? productName,
    ...(iccid !== undefined && { sim_id: iccid }),
    product_id: productName,
    created_date: writeDate(assignedAt),
    ...datesOf(bundle, { activation: 'activation_date', expiry: 'expiry_date' }),
    status: statusV2(bundle),
    initial_balance: Number(initial),
    current_balance: Number(left),
    spend_balance: Number(spent),
    balance_units: 'Bytes',
    _metadata: { links: linksOf(call, bundle, iccid) },
  };
}

/** What waits for its first use, and not for a day, is told apart. */
function statusV2({ state, autostart, activatesAt }: Bundle): SubscriptionStatus | 'PENDING_USAGE' {
  return state === 'queued' && autostart && activatesAt === null ? 'PENDING_USAGE' : statusOf[state];
}

function linksOf(call: Linking, { id, productName, state }: Bundle, iccid: string | undefined) {
  return {
    ...(state === 'queued' && { _activate: linkTo(call, `/subscriptions/${id}/activate`) }),
    ...(iccid !== undefined && { _sim: linkTo(call, `/sims/${iccid}`) }),
    _product: linkTo(call, `/products/${encodeURIComponent(productName)}`),
    _self: linkTo(call, `/subscriptions/${id}`),
  };
}
