// Orders: what an account asked for and paid, from acceptance to the eSIMs and bundles it becomes.
// Owns: orders.orders. Emits: order.accepted, order.fulfilling, order.completed, order.failed, order.cancelled.
// Invariants: an accepted order has its money held; it ends exactly once, as completed with everything it asked for, or
// as failed or cancelled with its money released and nothing kept; the same Idempotency-Key never makes two orders.
export { cancelOrder } from './cancel_order.ts';
export { getOrder, listOrders, type OrderFilter } from './find_orders.ts';
export { fulfilOrders } from './fulfil_orders.ts';
export type { Order, OrderLine, OrderStatus } from './order.ts';
export { onOrdersAccepted } from './order_desk.ts';
export { type PlaceOrder, placeOrder } from './place_order.ts';
export { type Quote, type QuoteOrder, quoteOrder } from './quote_order.ts';
