// The operations that the vendor's documentation has, by its first spelling of each path: what is given and what is answered.
import type { Schema } from '../../http/vendor_document/schema.ts';
import { customerDetails } from './resources.ts';
import { listOf, number, object, reference, text, time, url, whole, words } from './schema_words.ts';

export type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/connect-api`, parameters in braces. */
  path: string;
  /** Query parameters. */
  query: Record<string, Schema>;
  /** Null where nothing is sent. */
  body: Schema | null;
  /** What must be there, by its path: `input.device.id`. */
  required: readonly string[];
  /** The body of 200; null for an empty one. */
  answer: Schema | null;
};

export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

function operation(name: string, of: Partial<Omit<Operation, 'method' | 'path'>>): Operation {
  const [method, path = ''] = name.split(' ');
  return {
    method: method as Operation['method'],
    path,
    query: {},
    body: null,
    required: [],
    answer: null,
    ...of,
  };
}

const subscriptionFilters = { iccid: text, email: text, 'product-id': text, before: time, after: time };
const productFilters = { currency: text, targetCurrency: text, plan_id: text };

const orderInput = object({
  operationType: words('NEW_ESIM', 'TOPUP', 'TOPUP_ACTIVATION'),
  countryCode: text,
  customer: object({ email: text, firstName: text, lastName: text, countryOfResidence: text }),
  device: object({ id: text, type: words('ios', 'android', 'iot'), make: text, model: text, eid: text }),
  subscriptions: listOf(
    object({ product_id: text, allowanceId: text, activationDate: time, price: number, currency: text }),
  ),
  esim: object({ iccid: text }),
  dataValue: number,
  dataUnit: text,
});

const customer = object({ email: text, ...customerDetails });

const version1: readonly Operation[] = [
  operation('POST /v1/order', {
    body: object({ input: orderInput }),
    required: ['input.operationType', 'input.subscriptions', 'input.subscriptions[].product_id'],
    answer: reference('AcceptedOrder'),
  }),
  operation('GET /v1/order/{orderId}', { answer: reference('Order') }),
  operation('GET /v1/products', { query: productFilters, answer: listOf(reference('Product')) }),
  operation('GET /v1/products/{id}', { query: productFilters, answer: reference('Product') }),
  operation('GET /v1/sim/{iccid}', { answer: reference('Sim') }),
  operation('PUT /v1/sim/{iccid}', {
    body: object({ eid: text }),
    required: ['eid'],
    answer: reference('Sim'),
  }),
  operation('GET /v1/status/sim', { query: { iccid: text }, required: ['iccid'], answer: reference('Sim') }),
  operation('GET /v1/sim/{iccid}/preferences', { answer: reference('Preferences') }),
  operation('POST /v1/sim/{iccid}/preferences/notifications/{type}', {
    body: object({ webhook_url: url }),
    required: ['webhook_url'],
    answer: reference('Preferences'),
  }),
  operation('DELETE /v1/sim/{iccid}/preferences/notifications/{type}', { answer: reference('Preferences') }),
  operation('GET /v1/sim/{iccid}/subscriptions', { answer: listOf(reference('Subscription')) }),
  operation('GET /v1/status/subscriptions', {
    query: { iccid: text },
    required: ['iccid'],
    answer: listOf(reference('Subscription')),
  }),
  operation('GET /v1/subscription', {
    query: { ...subscriptionFilters, size: whole, page: whole },
    answer: listOf(reference('Subscription')),
  }),
  operation('GET /v1/subscription/{id}', { answer: reference('Subscription') }),
  operation('POST /v1/subscription/{id}/activate', { answer: reference('Subscription') }),
  operation('POST /v1/customer', {
    body: customer,
    required: ['email'],
    answer: reference('Customer'),
  }),
  operation('GET /v1/customer', {
    query: { email: text },
    required: ['email'],
    answer: reference('Customer'),
  }),
  operation('PATCH /v1/customer/{id}', { body: customer, answer: reference('Customer') }),
  operation('PATCH /v1/customer', {
    query: { id: text },
    body: customer,
    required: ['id'],
    answer: reference('Customer'),
  }),
  operation('GET /v1/customer/{id}/payment-method', { answer: listOf(reference('PaymentMethod')) }),
  operation('POST /v1/customer/{id}/payment-method', {
    body: object({
      token: text,
      type: text,
      last_digits: text,
      expiry_month: whole,
      expiry_year: whole,
      gateway: text,
      name: text,
    }),
    required: ['token', 'type', 'last_digits', 'expiry_month', 'expiry_year', 'gateway'],
    answer: reference('PaymentMethodId'),
  }),
  operation('DELETE /v1/customer/{id}/payment-method/{methodId}', {}),
];

const version2: readonly Operation[] = [
  operation('POST /v2/orders', {
    body: object({
      operation_type: words('ACTIVATION', 'TOPUP'),
      sim_type: words('ESIM', 'PSIM'),
      country: text,
      product: object({
        id: text,
        sold_price: number,
        sold_currency: text,
        activation_date: time,
        expiry: text,
      }),
      subscriber: object({
        email: text,
        first_name: text,
        last_name: text,
        country_of_residence: text,
        device: object({ operating_system: text, model: text, id: text }),
        sim: object({ iccid: text }),
      }),
    }),
    required: ['operation_type', 'product.id'],
    answer: reference('AcceptedOrderV2'),
  }),
  operation('GET /v2/orders/{orderId}', { answer: reference('OrderV2') }),
  operation('GET /v2/products', {
    query: { ...productFilters, page: whole, page_size: whole },
    answer: reference('ProductsV2'),
  }),
  operation('GET /v2/products/{id}', { query: productFilters, answer: reference('ProductV2') }),
  operation('GET /v2/sims/{iccid}', { answer: reference('SimV2') }),
  operation('GET /v2/sims/{iccid}/preferences', { answer: reference('Preferences') }),
  operation('PUT /v2/sims/{iccid}/preferences/notifications/{type}', {
    body: object({ webhook_url: url, username: text, password: text }),
    required: ['webhook_url'],
    answer: reference('Preferences'),
  }),
  operation('DELETE /v2/sims/{iccid}/preferences/notifications/{type}', { answer: reference('Preferences') }),
  operation('GET /v2/subscriptions', {
    query: { ...subscriptionFilters, page: whole, page_size: whole },
    answer: reference('SubscriptionsV2'),
  }),
  operation('GET /v2/subscriptions/{id}', { answer: reference('SubscriptionV2') }),
  operation('POST /v2/subscriptions/{id}/activate', { answer: reference('SubscriptionV2') }),
];

export const operations: readonly Operation[] = [...version1, ...version2];
