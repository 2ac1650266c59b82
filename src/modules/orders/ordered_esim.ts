// An eSIM from the moment it is ordered: the order stands for it until there is one, and when there never will be.
import { present } from '../../base/assert.ts';
import type { Id } from '../../base/ids.ts';
import { activationCodeOf, type Esim, type EsimState } from '../esims/index.ts';
import { esimIdOf, type Order, type OrderStatus } from './order.ts';

export type OrderedEsim = {
  /** Known from the order on: see `esimIdOf`. */
  id: Id<'esim'>;
  accountId: string;
  status: OrderedEsimStatus;
  iccid: string | null;
  eid: string | null;
  smdpAddress: string | null;
  matchingId: string | null;
  /** `LPA:1$…`. */
  activationCode: string | null;
  failure: { code: string; detail: string } | null;
  createdAt: Date;
  updatedAt: Date;
};

/** `reserving`: ordered, and there is no profile for it yet. */
export type OrderedEsimStatus = 'reserving' | EsimState;

/** The eSIM that this order is for, as long as there is none: `reserving` or `failed`. The order is for one new eSIM. */
export function orderedEsimOf(order: Order): OrderedEsim {
  return {
    id: present(esimIdOf(order), 'an order for one new eSIM'),
    accountId: order.accountId,
    status: statusOf[order.status],
    iccid: null,
    eid: order.lines[0]?.eid ?? null,
    smdpAddress: null,
    matchingId: null,
    activationCode: null,
    failure: order.failure ?? (order.status === 'cancelled' ? cancelled : null),
    createdAt: order.createdAt,
    updatedAt: order.endedAt ?? order.createdAt,
  };
}

const statusOf: Record<OrderStatus, 'reserving' | 'failed'> = {
  accepted: 'reserving',
  fulfilling: 'reserving',
  // Its eSIM is there to be read instead.
  completed: 'reserving',
  failed: 'failed',
  cancelled: 'failed',
};

const cancelled = { code: 'cancelled', detail: 'The order was cancelled; nothing was charged.' };

/** An eSIM that is there, in the same words. */
export function readOrderedEsim(esim: Esim): OrderedEsim {
  const { id, accountId, iccid, eid, matchingId, failure, createdAt, updatedAt } = esim;
  return {
    id,
    accountId,
    status: esim.state,
    iccid,
    eid,
    smdpAddress: esim.smdpAddress || null,
    matchingId,
    activationCode: activationCodeOf(esim),
    failure,
    createdAt,
    updatedAt,
  };
}
