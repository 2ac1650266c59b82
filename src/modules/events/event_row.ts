// Rows of events.events as events.
import type { Event, EventType } from './event.ts';
import { writeCursor } from './feed_place.ts';

export function readEvent(row: EventRow): Event {
  return {
    id: eventIdOf(row.position),
    type: row.type,
    accountId: row.account_id,
    resourceId: row.resource_id,
    data: row.data,
    requestId: row.request_id,
    actor: row.actor,
    occurredAt: row.occurred_at,
    cursor: writeCursor(row.position),
  };
}

/** The id of the event at this position of the outbox. */
export function eventIdOf(position: bigint): string {
  return `evt_${position.toString(16).padStart(32, '0')}`;
}

export type EventRow = {
  position: bigint;
  account_id: string;
  type: EventType;
  resource_id: string;
  data: Record<string, unknown>;
  request_id: string;
  actor: string;
  occurred_at: Date;
};

/** The columns of an `EventRow`, of a table named `e`. */
export const eventColumns =
  'e.position, e.account_id, e.type, e.resource_id, e.data, e.request_id, e.actor, e.occurred_at';
