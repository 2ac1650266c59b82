// What this door does otherwise than the vendor's documentation says, beside it, or where that says nothing: what is not named is as documented.

/** `same`: as documented, with a word to it. `unproven`: the documentation is silent and no public client shows what it is. */
export type Note =
  | { same: string }
  | { differs: string }
  | { unproven: string }
  | { refused: string }
  | { added: string };
type Notes = Record<string, Note>;

const isThen = { unproven: 'No answer is documented: it is the resource as it is then.' };
const newestFirst = { unproven: 'The order is not documented: newest first.' };
const ofTheVendor = 'As the vendor’s tables have it; nothing else of it is known.';
const version2 = {
  unproven: 'Of version 2 names are known, and little of what they mean; version 1 fills the gaps.',
};

/** By operation. */
export const operationNotes: Notes = {
  'POST /v1/order': {
    unproven:
      'The status is not documented: 200. All faults of a request are in one answer, a message each that begins with the field. An `Idempotency-Key` is taken.',
  },
  'GET /v1/order/{orderId}': {
    unproven:
      '`output` is left out before the order is completed. `FULFILING`, as it is also spelled, is never written.',
  },
  'GET /v1/products': {
    differs:
      'Products without a price in the currency, or in that of the account, are left out: they cannot be ordered. By name.',
  },
  'GET /v1/products/{id}': { unproven: '404 `NOT_FOUND` for a product that the account cannot order.' },
  'PUT /v1/sim/{iccid}': {
    differs:
      'Also for a profile of ours that was deleted from its device, which is Released again; 400 for one that a device holds, that has failed, or whose profile is at another SM-DP+.',
  },
  'POST /v1/sim/{iccid}/preferences/notifications/{type}': {
    unproven:
      'Answers the preferences. Set again, a type is told to the new URL only, in the spelling of who set it.',
  },
  'DELETE /v1/sim/{iccid}/preferences/notifications/{type}': {
    unproven: 'Answers the preferences, also where nothing was set.',
  },
  'GET /v1/sim/{iccid}/subscriptions': {
    unproven: 'Newest first, up to 1,000.',
  },
  'GET /v1/status/subscriptions': { unproven: 'Newest first, up to 1,000. Deprecated by the vendor.' },
  'GET /v1/status/sim': { same: 'Deprecated by the vendor.' },
  'GET /v1/subscription': newestFirst,
  'POST /v1/subscription/{id}/activate': {
    unproven:
      'Answers the subscription. It starts now, or as soon as nothing is in its way on the SIM; 400 unless it is `PENDING`.',
  },
  'POST /v1/customer': {
    unproven:
      'Answers the customer. An email is one customer, in any case of its letters: 400 for a second one.',
  },
  'GET /v1/customer': { unproven: '404 `NOT_FOUND` where there is none.' },
  'PATCH /v1/customer/{id}': isThen,
  'PATCH /v1/customer': { unproven: 'As the vendor’s example calls it. Answers the customer as it is then.' },
  'DELETE /v1/customer/{id}/payment-method/{methodId}': {
    unproven: 'No answer is documented: 200 without a body.',
  },
  'POST /v2/orders': version2,
  'GET /v2/orders/{orderId}': version2,
  'GET /v2/products': version2,
  'GET /v2/products/{id}': { added: 'Where `_self` and `_product` lead.' },
  'GET /v2/sims/{iccid}': version2,
  'GET /v2/sims/{iccid}/preferences': { added: 'As in version 1.' },
  'PUT /v2/sims/{iccid}/preferences/notifications/{type}': {
    unproven: 'The vendor names no path: it is that of version 1, and a shorter one.',
  },
  'DELETE /v2/sims/{iccid}/preferences/notifications/{type}': {
    unproven: 'The vendor names no path: it is that of version 1, and a shorter one.',
  },
  'GET /v2/subscriptions': version2,
  'GET /v2/subscriptions/{id}': { added: 'Where `_self` leads.' },
  'POST /v2/subscriptions/{id}/activate': { unproven: 'Where `_activate` leads. Answers the subscription.' },
};

const currency = {
  differs:
    'EUR if left out; where nothing is sold in EUR, the currency of the account. 400 for one that nothing is sold in.',
};
const productFields: Notes = {
  currency,
  targetCurrency: { differs: 'Another name of `currency`, which counts first.' },
  plan_id: { differs: 'A group of the catalogue; a product without one is a plan by itself.' },
};
const pageNumber = { unproven: 'From 1, which is also the default.' };
const pageSize = { unproven: '1 to 1,000; 100 if left out.' };
const createdDate = {
  differs:
    'Of `createdDate`. With `Z` or an offset as `+0100` or `+01:00`, seconds with or without a fraction; every other form is refused.',
};
const subscriptionFields: Notes = {
  email: { differs: 'Subscriptions of the last 1,000 orders that named this customer.' },
  before: createdDate,
  after: createdDate,
};
const nullTakesAway = { differs: 'Null takes it away; in addresses single members too.' };

/** By operation: query parameters and members of the body, by their paths. */
export const givenNotes: Record<string, Notes> = {
  'POST /v1/order': {
    'input.operationType': { same: '`TOPUP_ACTIVATION` is `TOPUP`.' },
    'input.countryCode': { differs: 'Required for `NEW_ESIM`. Its form is checked; it changes nothing.' },
    'input.customer.email': {
      differs:
        'Required for `NEW_ESIM`, and may be empty as in the guide: then the order is for nobody in particular. A customer that is not known is made with the order.',
    },
    'input.device.id': {
      same: 'Required but for version 2. Kept with the order and shown as `device_id`.',
    },
    'input.device.type': { differs: 'Required for `NEW_ESIM`; in any case of its letters.' },
    'input.device.eid': {
      differs:
        'Length and check digits are checked whatever the device is. For `ios` the eSIM is for that eUICC alone, which is told by an SM-DS; for all others it is ignored.',
    },
    'input.subscriptions': { differs: '1 to 15, together with those that are on the SIM and not over.' },
    'input.subscriptions[].product_id': {
      differs: 'The name of a bundle that the account can order: case-sensitive, the right spelling is said.',
    },
    'input.subscriptions[].allowanceId': { same: 'Taken where there is no `product_id`.' },
    'input.subscriptions[].activationDate': {
      differs: 'Up to a year ahead. A minute late counts as now.',
    },
    'input.subscriptions[].price': {
      differs:
        'As a number or text. Must be what the product list says in this currency, whatever it becomes by the volume.',
    },
    'input.esim.iccid': {
      differs:
        'Required for `TOPUP`. One of another client is an unknown one; one that is `Unavailable` is refused.',
    },
    'input.dataValue': { same: 'Ignored: removed in 5.8.0.' },
    'input.dataUnit': { same: 'Ignored: removed in 5.8.0.' },
  },
  'GET /v1/products': productFields,
  'GET /v1/products/{id}': {
    ...productFields,
    plan_id: { differs: 'Ignored.' },
  },
  'PUT /v1/sim/{iccid}': { eid: { differs: 'Length and check digits are checked.' } },
  'POST /v1/sim/{iccid}/preferences/notifications/{type}': {
    webhook_url: {
      differs:
        'http or https. A host that leads only to private addresses is refused, unless the operator allows their network.',
    },
  },
  'GET /v1/subscription': { ...subscriptionFields, size: pageSize, page: pageNumber },
  'GET /v2/subscriptions': { ...subscriptionFields, page_size: pageSize, page: pageNumber },
  'PATCH /v1/customer/{id}': { firstName: nullTakesAway },
  'POST /v1/customer/{id}/payment-method': {
    token: {
      refused:
        'What looks like the number of a card is refused, here and in every other member: only tokens are kept, sealed, and never shown.',
    },
    last_digits: { differs: '2 to 4 digits, as text or number.' },
  },
  'POST /v2/orders': {
    sim_type: { refused: '`PSIM`: SIM cards are registered, not ordered.' },
    'product.expiry': { differs: 'Ignored: the product says how long it is valid.' },
    'subscriber.device.operating_system': {
      differs: 'Read as far as it begins with iOS, Android or IoT, in any case.',
    },
  },
  'GET /v2/products': { ...productFields, page_size: pageSize, page: pageNumber },
  'GET /v2/products/{id}': { ...productFields, plan_id: { differs: 'Ignored.' } },
  'PUT /v2/sims/{iccid}/preferences/notifications/{type}': {
    username: { unproven: 'HTTP Basic towards the receiver is known, the names are not.' },
    password: { unproven: 'HTTP Basic towards the receiver is known, the names are not.' },
  },
};

const uuid = { differs: 'The id of the order in `/v1` written as a UUID: `0193c1…-…` is `ord_0193c1…`.' };
const productId = { differs: 'The name of the product in the catalogue.' };
const noLimit = '`-1` without a limit, 0 of a bundle without data.';

const pagesV2: Notes = {
  '_metadata.links._prev': {
    unproven: 'The names of the links are not documented; left out on the first page.',
  },
  '_metadata.links._next': { unproven: 'Left out on the last page.' },
};

/** By schema: members of answers, by their paths. */
export const answeredNotes: Record<string, Notes> = {
  AcceptedOrder: { id: uuid, externalId: { same: 'The same as `id`; deprecated by the vendor.' } },
  Order: {
    id: uuid,
    'output.matchingId': { same: 'For new eSIMs only.' },
    'output.smdpUrl': {
      differs: 'No scheme, since 5.5.0; with a port where the SM-DP+ does not listen on 443.',
    },
    'output.lpa_url': {
      differs: 'In the right form `LPA:1$host$matchingId`: the vendor’s order example has an artefact in it.',
    },
    'output.qrcode_url': { same: 'A public PNG of ours, at the path that the vendor has.' },
    'output.subscription_id': { differs: 'The first one.' },
    'output.subscription_ids': { added: 'All of them, in the order in which they were asked for.' },
    messages: { added: 'Why an order failed.' },
    status: { differs: 'Of an order that was cancelled by other means `FAILED`.' },
  },
  Product: {
    id: productId,
    name: { differs: 'The description of the product.' },
    'data.value': { differs: 'Of 1,000,000,000 bytes; `-1` without a limit.' },
    activeCountries: { same: 'Always `ALL`: a bundle may be activated anywhere.' },
    active_countries: { same: 'The same, as the vendor’s table spells it.' },
    pricing: { same: 'The one currency that was asked for.' },
    region: {
      unproven: 'The regions of the world that it is for; the vendor’s `TIER1` is a price class of its own.',
    },
  },
  Sim: {
    matchingId: { same: 'The same as `matching_id`; both are documented.' },
    profileStatus: { same: 'The same as `status`; both are documented.' },
    status: { differs: '`Unavailable` also after a download that failed for good.' },
    lpa_url: { differs: 'Left out where there is no code: profiles that are pushed.' },
  },
  Subscription: {
    id: { differs: 'Text as `bun_…`.' },
    status: { differs: '`EXPIRED` also for what lapsed unused or was given back.' },
    initialBalance: { differs: `Text of bytes; ${noLimit}` },
    spentBalance: { same: 'Text of bytes.' },
    activationDate: { differs: 'When it started or is to start; left out for what waits for its first use.' },
    expirationDate: { differs: 'Left out until it has started.' },
    device_id: { differs: 'Of the order; left out where none was given.' },
    auto_renew: { same: 'Always the text `false`.' },
    'product.plan_id': { differs: 'The first group of the product, or its name.' },
  },
  Customer: { id: { differs: 'Text as `cus_…`.' } },
  PaymentMethod: { id: { differs: 'Text as `pmt_…`. The token is never shown.' } },
  Preferences: {
    'notifications[].type': {
      differs: 'In the spelling in which it was set: both of the vendor’s are taken.',
    },
  },
  OrderV2: { messages: { added: 'Why an order failed.' } },
  ProductV2: {
    footprint_code: { unproven: 'The country, or the regions of a product for several.' },
    data: { differs: `Of 1,000,000,000 bytes; ${noLimit}` },
  },
  ProductsV2: pagesV2,
  SubscriptionsV2: pagesV2,
  SimV2: { sim_type: { added: ofTheVendor } },
  SubscriptionV2: {
    sim_id: { unproven: 'The ICCID.' },
    status: { differs: '`PENDING_USAGE` waits for its first use, `PENDING` for its day.' },
    initial_balance: { unproven: `A number; ${noLimit}` },
  },
};
