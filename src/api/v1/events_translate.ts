// Events, from the core to the wire.
import type { Event } from '../../modules/events/index.ts';
import type { EventJson } from './events_schemas.ts';

export function writeEvent(from: Event): EventJson {
  const { id, type, resourceId, data, requestId, actor, occurredAt } = from;
  return { id, type, resourceId, data, requestId, actor, occurredAt: occurredAt.toISOString() };
}
