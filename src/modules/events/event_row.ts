// Rows of events.events as events, and back from a cursor to the place that it names.
import { AppError } from '../../base/app_error.ts';
import type { Event, EventType } from './event.ts';

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
    cursor: writeCursor(row.tx, row.position),
  };
}

/** The id of the event at this position of the outbox. */
export function eventIdOf(position: bigint): string {
  return `evt_${position.toString(16).padStart(32, '0')}`;
}

export type EventRow = {
  position: bigint;
  tx: string;
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
  'e.position, e.tx, e.account_id, e.type, e.resource_id, e.data, e.request_id, e.actor, e.occurred_at';

export function writeCursor(tx: string, position: bigint): string {
  return Buffer.from(`${tx}.${position}`).toString('base64url');
}

/** Throws `invalid_request` for what is no cursor. */
export function readCursor(cursor: string): [tx: string, position: string] {
  const match = /^(\d{1,19})\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match?.[1] || !match[2])
    throw new AppError('invalid_request', 'not a cursor of this feed', {
      fields: [{ field: 'after', detail: 'give a cursor as it was answered, or leave it out' }],
    });
  return [match[1], match[2]];
}
