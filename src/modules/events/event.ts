// An event as it is told to the outside, and the closed list of what can be told.

export const eventTypes = [
  'api_key.created',
  'api_key.revoked',
  'balance.topped_up',
  'batch.created',
  'bundle.assigned',
  'esim.available',
  'esim.deleted',
  'esim.disabled',
  'esim.downloaded',
  'esim.enabled',
  'esim.failed',
  'esim.installed',
  'esim.reserved',
  'order.accepted',
  'order.cancelled',
  'order.completed',
  'order.failed',
  'order.fulfilling',
  'profile.deleted',
  'profile.disabled',
  'profile.download_failed',
  'profile.downloaded',
  'profile.enabled',
  'profile.installed',
  'profile_type.created',
] as const;

export type EventType = (typeof eventTypes)[number];

export type Event = {
  /** `evt_…`, unique, and the same however often the event is read or delivered. */
  id: string;
  type: EventType;
  accountId: string;
  /** What it happened to: an order's, eSIM's or bundle's id, or an ICCID. */
  resourceId: string;
  data: Record<string, unknown>;
  requestId: string;
  /** Who did it: an API key's id, an operator's name, or `system`. */
  actor: string;
  occurredAt: Date;
  /** Continues the feed behind this event. */
  cursor: string;
};
