// Customers: the people and businesses that an account sells to, and how they pay.
// Owns: customers.customers, customers.payment_methods. Emits: customer.created, customer.updated,
// payment_method.added, payment_method.removed.
// Invariants: an address or identifier is one customer of its account, whatever its case; of a payment method only a
// gateway's token is kept, sealed, and never what looks like the number of a card.
export { type AddPaymentMethod, addPaymentMethod } from './add_payment_method.ts';
export {
  type Address,
  type Customer,
  type CustomerChange,
  type CustomerDetails,
  customerTypes,
} from './customer.ts';
export { findCustomer, getCustomer } from './find_customers.ts';
export { listPaymentMethods, type PaymentMethod, removePaymentMethod } from './payment_methods.ts';
export { createCustomer, ensureCustomer, updateCustomer } from './put_customer.ts';
