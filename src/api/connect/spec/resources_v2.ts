// What is known of the vendor's resources in version 2, with what this door adds to them.
import { orderState, simStatus } from './resources.ts';
import {
  bareHost,
  code,
  listOf,
  maybe,
  number,
  object,
  reference,
  text,
  time,
  url,
  whole,
  words,
} from './schema_words.ts';

/** The first name is that of version 2's products, the other that of its subscriptions: clients take either for none. */
const paging = object({
  links: object({ _prev: maybe(url), _self: url, _next: maybe(url) }),
  page: whole,
  page_size: whole,
  page_count: whole,
});

export const resourcesV2 = {
  AcceptedOrderV2: object({
    id: text,
    status: words('ACCEPTED'),
    created_date: time,
    _metadata: object({ _links: object({ _self: url }) }),
  }),
  OrderV2: object({
    id: text,
    status: orderState,
    created_date: time,
    output: maybe(object({ matching_id: maybe(text), iccid: text, subscription_id: maybe(text) })),
    messages: maybe(listOf(text)),
    _metadata: object({
      links: object({
        _lpa: maybe(code),
        _qrcode: maybe(url),
        _sim: maybe(url),
        _smdp: maybe(bareHost),
        _subscription: maybe(url),
        _self: url,
      }),
    }),
  }),
  ProductV2: object({
    id: text,
    name: text,
    sim_type: listOf(words('ESIM')),
    duration: whole,
    duration_unit: words('DAYS'),
    data: number,
    data_unit: words('GB'),
    price: number,
    price_currency: text,
    footprint_code: text,
    _metadata: object({ _links: object({ _self: url }) }),
  }),
  ProductsV2: object({ data: listOf(reference('ProductV2')), _metadata: paging }),
  SimV2: object({
    iccid: text,
    status: simStatus,
    matching_id: maybe(text),
    eid: maybe(text),
    last_modified: time,
    sim_type: words('ESIM', 'PSIM'),
    _metadata: object({
      links: object({ _lpa: maybe(code), _qrcode: maybe(url), _subscriptions: url, _self: url }),
    }),
  }),
  SubscriptionV2: object({
    id: text,
    name: text,
    sim_id: maybe(text),
    product_id: text,
    created_date: time,
    activation_date: maybe(time),
    expiry_date: maybe(time),
    status: words('PENDING', 'PENDING_USAGE', 'ACTIVE', 'DEPLETED', 'EXPIRED'),
    initial_balance: whole,
    current_balance: whole,
    spend_balance: whole,
    balance_units: words('Bytes'),
    _metadata: object({
      links: object({ _activate: maybe(url), _sim: maybe(url), _product: url, _self: url }),
    }),
  }),
  SubscriptionsV2: object({ data: listOf(reference('SubscriptionV2')), _metadata: paging }),
} as const;
