// Webhooks: events told to whoever asked to be told, signed, in order for each resource, until they arrive or a day has passed.
// Owns: webhooks.cursor, webhooks.targets, webhooks.deliveries, webhooks.attempts. Emits: webhook.parked.
// Invariants: an event becomes one delivery for each target that wants it, whichever node passes it on; a delivery is
// sent until it is answered with 2xx, parked or dropped, and again after a crash, always under the same id; of a
// queue (one resource, one target) exactly one delivery is due, the others wait for it at `infinity`; nothing is sent
// while a transaction is open; no address of our own network is called; secrets are sealed and shown once.
// Locks are taken in this order: cursor, targets by id, deliveries by id.

export { callbackUrlCharsMax, checkCallbackUrl, readCallbackUrl } from './callback_url.ts';
export {
  type CallbackFilter,
  findCallbacks,
  type NewCallback,
  removeCallbacks,
  setCallback,
} from './callbacks.ts';
export { deleteEndpoint, rotateSecret, updateEndpoint } from './change_endpoint.ts';
export { createEndpoint, type NewEndpoint, prepareEndpoint } from './create_endpoint.ts';
export { deleteOldDeliveries } from './delete_old_deliveries.ts';
export { type Delivery, type DeliveryState, deliveryStates } from './delivery.ts';
export { createDeliveryDesk, type DeliveryDesk, type DeskOptions } from './delivery_desk.ts';
export { connectRequest } from './dialects/connect.ts';
export type { Dialect, DialectName, Dialects, Telling } from './dialects/dialect.ts';
export { esimGoRequest, signEsimGo } from './dialects/esim_go.ts';
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
export { getEndpoint, listEndpoints } from './find_endpoints.ts';
export { getDelivery, type LoggedAttempt, listDeliveries } from './list_deliveries.ts';
export { outgoingOf, useOutgoing } from './outgoing_of.ts';
export { releaseStuckDeliveries } from './release_stuck.ts';
export { type ReplayRange, replayDelivery, replayRange } from './replay_deliveries.ts';
export {
  createOutgoing,
  type Outgoing,
  type OutgoingAnswer,
  type OutgoingOptions,
  type OutgoingRequest,
} from './send_request.ts';
export { startWebhooks, type WebhookLoops } from './start_webhooks.ts';
export type { Endpoint, Target } from './target.ts';
