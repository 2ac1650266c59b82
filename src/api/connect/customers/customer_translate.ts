// Customers and their payment methods as the vendor writes them; what is not known is left out, and tokens always are.
import type { Customer, PaymentMethod } from '../../../modules/customers/index.ts';

export function writeCustomer({ accountId, createdAt, updatedAt, ...customer }: Customer) {
  return customer;
}

export function writePaymentMethod(method: PaymentMethod) {
  return {
    id: method.id,
    type: method.kind,
    gateway: method.gateway,
    ...(method.name !== null && { name: method.name }),
    last_digits: method.lastDigits,
    expiry_month: method.expiryMonth,
    expiry_year: method.expiryYear,
  };
}
