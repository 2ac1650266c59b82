// Orders, from the core to the wire.
import { activationCodeOf } from '../../../modules/esims/index.ts';
import type { Order, OrderStatus } from '../../../modules/orders/index.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { writeQrUrl } from '../qr/qr_url.ts';
import type { Accepted } from './accept_order.ts';
import type { Outcome } from './order_outcome.ts';

/** `externalId` is an older name of `id`. */
export function writeAccepted({ id }: Accepted) {
  return { id: writeUuid(id), externalId: writeUuid(id), status: statuses.accepted };
}

/** `base`: what URLs begin with. */
export function writeOrder(order: Order, outcome: Outcome | undefined, base: string) {
  const id = writeUuid(order.id);
  return {
    ...(outcome && { output: writeOutput(outcome, base) }),
    status: statuses[order.status],
    externalId: id,
    id,
    ...writeMessages(order),
  };
}

export const statuses: Record<OrderStatus, OrderState> = {
  accepted: 'ACCEPTED',
  fulfilling: 'FULFILLING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'FAILED',
};

export type OrderState = 'ACCEPTED' | 'FULFILLING' | 'COMPLETED' | 'FAILED';

/** Why an order came to nothing; of any other there is nothing to say. */
export function writeMessages({ status, failure }: Order): { messages?: string[] } {
  if (status === 'cancelled') return { messages: ['The order was cancelled; nothing was charged.'] };
  if (status !== 'failed') return {};
  return { messages: [failure?.detail ?? 'The order failed; nothing was charged.'] };
}

/** What a device needs to install the eSIM. An eSIM that was there before is named without its matching id, as documented. */
function writeOutput({ esim, isNew, subscriptionIds: ids }: Outcome, base: string) {
  const code = activationCodeOf(esim);
  return {
    ...(isNew && esim.matchingId !== null && { matchingId: esim.matchingId }),
    iccid: esim.iccid,
    smdpUrl: esim.smdpAddress,
    ...(code !== null && { lpa_url: code, qrcode_url: writeQrUrl(base, code) }),
    ...(ids[0] !== undefined && { subscription_id: ids[0] }),
    subscription_ids: ids,
  };
}
