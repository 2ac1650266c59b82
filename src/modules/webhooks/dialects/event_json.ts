// An event as JSON, the same in the feed and in a webhook.
import type { Event } from '../../events/index.ts';

export function eventJson({ id, type, resourceId, data, requestId, actor, occurredAt }: Event) {
  return { id, type, resourceId, data, requestId, actor, occurredAt: occurredAt.toISOString() };
}
