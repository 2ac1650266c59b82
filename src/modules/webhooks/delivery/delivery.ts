// A delivery: one event to be told to one target, and how far that has come.
import type { EventType } from '../../events/index.ts';

export type Delivery = {
  /** `dlv_…`: also what the receiver knows it by, however often it is sent. */
  id: string;
  accountId: string;
  targetId: string;
  eventPosition: bigint;
  eventType: EventType;
  /** Deliveries of one resource reach a target in the order of the events. */
  resourceId: string;
  state: DeliveryState;
  /** Since it was made or last replayed. */
  attempts: number;
  /** Null when it has ended, or waits behind an earlier one of its resource. */
  nextAttemptAt: Date | null;
  /** When it is given up. */
  parksAt: Date;
  createdAt: Date;
  endedAt: Date | null;
};

/** Parked: tried in vain for 24 hours. Dropped: its target was switched off, or had no use for it. */
export const deliveryStates = ['pending', 'delivered', 'parked', 'dropped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** From being made or replayed until it is parked. */
export const triedForMs = 24 * 3_600_000;

export type DeliveryRow = {
  id: string;
  account_id: string;
  target_id: string;
  event_position: bigint;
  event_type: EventType;
  resource_id: string;
  state: DeliveryState;
  attempts: number;
  /** `infinity` (a number to JavaScript) while it waits behind another one. */
  next_attempt_at: Date | number;
  parks_at: Date;
  created_at: Date;
  ended_at: Date | null;
};

/** The columns of a `DeliveryRow`, of a table named `d`. */
export const deliveryColumns = `
  d.id, d.account_id, d.target_id, d.event_position, d.event_type, d.resource_id, d.state, d.attempts,
  d.next_attempt_at, d.parks_at, d.created_at, d.ended_at`;

export function readDelivery(row: DeliveryRow): Delivery {
  const waits = row.state === 'pending' && row.next_attempt_at instanceof Date;
  return {
    id: row.id,
    accountId: row.account_id,
    targetId: row.target_id,
    eventPosition: row.event_position,
    eventType: row.event_type,
    resourceId: row.resource_id,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: waits ? (row.next_attempt_at as Date) : null,
    parksAt: row.parks_at,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
