// Webhooks: events told to whoever asked to be told, signed, in order for each resource, until they arrive or a day has passed.
// Owns: webhooks.cursor, webhooks.targets, webhooks.deliveries, webhooks.attempts. Emits: webhook.parked.
// Invariants: an event becomes one delivery for each target that wants it, whichever node passes it on; a delivery is
// sent until it is answered with 2xx, parked or dropped, and again after a crash, always under the same id; of a
// queue (one resource, one target) exactly one delivery is due, the others wait for it at `infinity`; nothing is sent
// while a transaction is open; no address of our own network is called; secrets are sealed and shown once; a resource
// has one callback for each topic, an account one endpoint for each dialect that is not our own.
// Locks are taken in this order: cursor, targets by id, deliveries by id.

export { deleteOldDeliveries } from './delivery/delete_old_deliveries.ts';
export { type Delivery, type DeliveryState, deliveryStates } from './delivery/delivery.ts';
export { createDeliveryDesk, type DeliveryDesk, type DeskOptions } from './delivery/delivery_desk.ts';
export { getDelivery, type LoggedAttempt, listDeliveries } from './delivery/list_deliveries.ts';
export { releaseStuckDeliveries } from './delivery/release_stuck.ts';
export { type ReplayRange, replayDelivery, replayRange } from './delivery/replay_deliveries.ts';
export { connectRequest } from './dialects/connect.ts';
export {
  type Dialect,
  type DialectName,
  type Dialects,
  dialectNames,
  type Telling,
} from './dialects/dialect.ts';
export { esimGoRequest, esimGoTypes, signEsimGo } from './dialects/esim_go.ts';
export { koreRequest, signKore } from './dialects/kore.ts';
export {
  findStandardFault,
  type StandardReceived,
  signStandard,
  verifyWebhook,
} from './dialects/standard.ts';
export { signTwilio, twilioRequest } from './dialects/twilio.ts';
export { webhooksDueWork } from './due_work.ts';
export { fanOut } from './fan_out.ts';
export { outgoingOf, useOutgoing } from './outgoing/outgoing_of.ts';
export {
  createOutgoing,
  type Outgoing,
  type OutgoingAnswer,
  type OutgoingOptions,
  type OutgoingRequest,
} from './outgoing/send_request.ts';
export { startWebhooks, type WebhookLoops } from './start_webhooks.ts';
export { callbackUrlCharsMax, checkCallbackUrl, readCallbackUrl } from './targets/callback_url.ts';
export {
  findCallbacks,
  type NewCallback,
  removeCallbacks,
  setCallback,
} from './targets/callbacks.ts';
export { deleteEndpoint, rotateSecret, updateEndpoint } from './targets/change_endpoint.ts';
export { createEndpoint, type NewEndpoint, prepareEndpoint } from './targets/create_endpoint.ts';
export {
  type DialectEndpoint,
  findDialectEndpoint,
  putDialectEndpoint,
  removeDialectEndpoint,
} from './targets/dialect_endpoint.ts';
export { getEndpoint, listEndpoints } from './targets/find_endpoints.ts';
export type { Callback, Endpoint, Target } from './targets/target.ts';
