// An event as it is told to the outside, and the closed list of what can be told.

export const eventTypes = [
  'account.created',
  'api_key.created',
  'api_key.revoked',
  'balance.refunded',
  'balance.topped_up',
  'batch.created',
  'branding.put',
  'branding.removed',
  'bundle.assigned',
  'bundle.depleted',
  'bundle.expired',
  'bundle.lapsed',
  'bundle.revoked',
  'bundle.speed_restored',
  'bundle.started',
  'bundle.threshold_reached',
  'bundle.throttled',
  'bundle_lot.added',
  'bundle_lot.expired',
  'bundle_lot.refunded',
  'certificate.expiring',
  'certificate.reloaded',
  'clock.moved',
  'command.delivered',
  'command.failed',
  'command.queued',
  'command.received',
  'command.sent',
  'customer.created',
  'customer.updated',
  'esim.available',
  'esim.deleted',
  'esim.disabled',
  'esim.downloaded',
  'esim.enabled',
  'esim.failed',
  'esim.installed',
  'esim.reserved',
  'esim.updated',
  'fleet.created',
  'fleet.updated',
  'function_requester.created',
  'function_requester.removed',
  'function_requester.updated',
  'import.completed',
  'import.failed',
  'order.accepted',
  'order.cancelled',
  'order.completed',
  'order.failed',
  'order.fulfilling',
  'payment_method.added',
  'payment_method.removed',
  'profile.allocated',
  'profile.cancelled',
  'profile.confirmed',
  'profile.deleted',
  'profile.disabled',
  'profile.download_failed',
  'profile.downloaded',
  'profile.enabled',
  'profile.expired',
  'profile.installed',
  'profile.rebound',
  'profile.released',
  'profile.reset',
  'profile_type.created',
  'remote_smdp.created',
  'remote_smdp.removed',
  'remote_smdp.updated',
  'sim.attached',
  'sim.billing_period_started',
  'sim.core_failed',
  'sim.core_told',
  'sim.country_changed',
  'sim.created',
  'sim.data_limit_reached',
  'sim.data_restored',
  'sim.detached',
  'sim.first_attached',
  'sim.first_used',
  'sim.moved',
  'sim.refreshed',
  'sim.status_changed',
  'sim.updated',
  'transport_key.put',
  'transport_key.removed',
  'webhook.parked',
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
