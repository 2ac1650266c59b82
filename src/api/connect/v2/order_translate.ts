// Orders in version 2: the outcome in its own words, and beside it where everything about it is.
import { activationCodeOf } from '../../../modules/esims/index.ts';
import type { Order } from '../../../modules/orders/index.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import type { Accepted } from '../orders/accept_order.ts';
import type { Outcome } from '../orders/order_outcome.ts';
import { statuses, writeMessages } from '../orders/order_translate.ts';
import { writeQrUrl } from '../qr/qr_url.ts';
import { writeDate } from '../wire/date.ts';
import { type Linking, linkTo } from './links.ts';

export function writeV2Accepted({ id, createdAt }: Accepted, call: Linking) {
  return {
    id: writeUuid(id),
    status: statuses.accepted,
    created_date: writeDate(createdAt),
    _metadata: { _links: { _self: orderUrl(id, call) } },
  };
}

export function writeV2Order(order: Order, outcome: Outcome | undefined, call: Linking) {
  return {
    id: writeUuid(order.id),
    status: statuses[order.status],
    created_date: writeDate(order.createdAt),
    ...(outcome && { output: writeOutput(outcome) }),
    ...writeMessages(order),
    _metadata: { links: { ...(outcome && outcomeLinks(outcome, call)), _self: orderUrl(order.id, call) } },
  };
}

function writeOutput({ esim, isNew, subscriptionIds: [first] }: Outcome) {
  return {
    ...(isNew && esim.matchingId !== null && { matching_id: esim.matchingId }),
    iccid: esim.iccid,
    ...(first !== undefined && { subscription_id: first }),
  };
}

function outcomeLinks({ esim, subscriptionIds: [first] }: Outcome, call: Linking) {
  const code = activationCodeOf(esim);
  return {
    ...(code !== null && { _lpa: code, _qrcode: writeQrUrl(call.base, code) }),
    _sim: linkTo(call, `/sims/${esim.iccid}`),
    _smdp: esim.smdpAddress,
    ...(first !== undefined && { _subscription: linkTo(call, `/subscriptions/${first}`) }),
  };
}

function orderUrl(id: string, call: Linking): string {
  return linkTo(call, `/orders/${writeUuid(id)}`);
}
