// Orders: what an account asked for and paid, from acceptance to the eSIMs and bundles it becomes.
// Owns: orders.orders, orders.bundle_lots, orders.volumes. Emits: order.accepted, order.fulfilling, order.completed, order.failed,
// order.cancelled, bundle_lot.added, bundle_lot.refunded, bundle_lot.expired.
// Invariants: an accepted order has its money held; it ends exactly once, as completed with everything it asked for,
// or as failed or cancelled with its money released, its bundles back in the inventory and nothing kept; the same
// Idempotency-Key never makes two orders; a bundle of the inventory is assigned, given back or expired once, those
// that expire first being assigned first; the bundles of a line that goes with new eSIMs come onto them in the
// transaction that makes these; the sandbox of an account gets test SIMs only; the volume of an account is what was
// ordered at prices by volume, less what failed or was cancelled.
export {
  type ImportPreinstalled,
  importPreinstalled,
  type PreinstalledProfile,
  type RegisterCard,
  registerCard,
} from './adopt_profiles.ts';
export { type ApplyBundles, applyBundles } from './apply_bundles.ts';
export type { BundleLot } from './bundle_lot.ts';
export { cancelOrder } from './cancel_order.ts';
export { findOrderDevices } from './find_order_devices.ts';
export { getOrder } from './find_orders.ts';
export { fulfilOrders, sliceUnitsMax } from './fulfil_orders.ts';
export { inTurn } from './in_turn.ts';
export { getLot, type LotFilter, listLots } from './list_lots.ts';
export { listOrderIds } from './list_order_ids.ts';
export { listOrderItems, type OrderItem } from './list_order_items.ts';
export {
  listOrders,
  listOrdersPage,
  type NumberedPage,
  type OrderFilter,
  type OrdersPage,
} from './list_orders.ts';
export { lockTopUps } from './lock_top_ups.ts';
export { lotsDueWork } from './lots_due_work.ts';
export type { PlaceOrder } from './offer_order.ts';
export {
  esimIdOf,
  type LotShare,
  makesEsims,
  type Order,
  type OrderDevice,
  type OrderLine,
  type OrderLineInput,
  type OrderStatus,
} from './order.ts';
export { onOrdersAccepted } from './order_desk.ts';
export { type OrderedEsim, type OrderedEsimStatus, orderedEsimOf } from './ordered_esim.ts';
export { getOrderedEsim, listOrderedEsims, type OrderedEsimFilter } from './ordered_esims.ts';
export { ordersDueWork } from './orders_due_work.ts';
export { placeOrder } from './place_order.ts';
export { type Quote, type QuoteOrder, quoteOrder } from './quote_order.ts';
export { type RefundLot, refundLot } from './refund_lot.ts';
export { revokeBundle } from './revoke_bundle.ts';
