// What docs/compat/connect.md says beside its tables, in paragraphs.

export const intro = [
  '# The Connect API, compared',
  'Overair speaks the Connect API v1 of Truphone (now 1GLOBAL), and v2 as far as it is public, under `/connect-api` on every host, with its token endpoint beside it. This page compares it with the vendor’s public documentation, operation by operation and field by field: **same** (the row says so by itself), **differs** (how), **unproven**, **added**, or **refused** (why).',
  '**Unproven** means: the documentation does not say, and no public client of Connect exists to see it from, so this is our reading. For the same reason nothing on this page was tried with a client of the vendor’s; *same* is what is documented, held by tests: each answer that the door gives in them has exactly the members that stand here, and no other.',
  'To move a client over, change its host and its client credentials:',
  [
    '```sh',
    'TOKEN=$(curl -s https://overair.example.com/auth/realms/tru-staff/protocol/openid-connect/token \\',
    '  -d grant_type=client_credentials -d client_id=$KEY_ID -d client_secret=$KEY | jq -r .access_token)',
    'curl https://overair.example.com/connect-api/v1/products?currency=EUR -H "Authorization: Bearer $TOKEN"',
    '```',
  ].join('\n'),
  'All paths are taken in the singular and the plural, and with a slash at the end. Unknown members are ignored; null and empty text are as good as left out, but for `customer.email`. Dates are written in UTC as `2019-09-13T12:00:00Z`.',
  'The dated API of the vendor (2024-10-17 and later), its Enterprise API, vouchers and physical SIMs by order are not here.',
];

export const signingIn = [
  '## Signing in',
  '`POST /auth/realms/{realm}/protocol/openid-connect/token`, any realm, a form with `grant_type=client_credentials` and the id and secret of an API key as `client_id` and `client_secret` (or by HTTP Basic), or `grant_type=refresh_token`. The access token lasts 5 minutes, the refresh token 30; both end when the key is revoked. What a client may do is the scopes of its key: with `read`, `orders:write` and `lines:write` it has the role RESELLER, with `accounts:write` too the role ACCOUNT_MANAGER, which customers need.',
  '**Unproven:** beside what is documented the answer has `refresh_expires_in`, `not-before-policy` and `scope`, as Keycloak has; refusals are those of RFC 6749, with Keycloak’s words.',
  '`X-Correlation-ID` is the id of the request: it is echoed, and is in events and logs. One that is missing is made.',
];

export const preproduction = [
  '## Pre-production',
  '`/connect-api-preprod` is the sandbox of the same account: the same credentials, other data, play money and test SIMs. New eSIMs are made from the test profile type whatever the product says, so that an order there never takes live stock. Its clock is moved by `POST /v1/clock` with the header `Overair-Account` that names the sandbox. **Differs:** nothing is cleaned away after 72 hours.',
];

export const pictures = [
  '## QR codes',
  '`GET /connect/qrcode/v1/esim/LPA:1$host$matchingId` and `GET /qrcode/v1/esim/…`, without signing in; `$` and `:` raw or percent-encoded. A PNG; **added:** SVG by `Accept` or with `.svg` behind it, and the branding of the eSIM.',
];

/** Type, when, members beside `id`, `type` and `iccid`. */
export const notifications: readonly (readonly [string, string, string])[] = [
  [
    '`USAGE_THRESHOLD`',
    'the data of a subscription are used to 80 percent',
    '`subscription_id`, `threshold`',
  ],
  ['`SUBSCRIPTION_END`', 'a subscription is depleted or expired, or lapsed unused', '`subscription_id`'],
  [
    '`DOWNLOAD_PROGRESS` (v2)',
    'a profile is downloaded, installed, enabled, disabled or deleted, or one of it failed',
    '`eid`, `download_progress_step`, `notification_point_description`, `notification_status`',
  ],
];

export const notificationNotes = [
  'In version 2 `USAGE_THRESHOLD` and `SUBSCRIPTION_END` have `expiration_date` and `current_balance` too. **Differs:** 80 percent is told where it is among the percentages of the account or bundle, as it is unless someone has changed them. **Unproven:** the words of the steps; those of SGP.22 are written where the vendor shows none.',
  'The vendor signs nothing and does not say how often it tries. Here a notification is tried until it is answered with 2xx, for 24 hours, in order for each subscription and SIM, under the same `id`: see [webhooks](../webhooks.md). **Added:** a signature, where the account wants one (`PUT /v1/doors/connect` with `signCallbacks`): `X-Signature-SHA256`, the HMAC-SHA256 of the body in hex, with the secret of `POST /v1/doors/connect/signing-secret`.',
];

export const errors = [
  '## Errors',
  '`{"type": "…", "messages": ["…"]}`: a message for every problem of the request, each beginning with its field. Another client’s ICCID, order or subscription is answered like an unknown one. **Unproven:** `NOT_FOUND`, and what HTTP has besides; the vendor documents 400, 401, 403 and 500. Which type the codes of `/v1` have:',
];

export const closing = [
  '## What is ours',
  [
    '- `Idempotency-Key` on orders, in both versions: a repetition gets what was answered the first time.',
    '- `retry-after` with 429 and 503.',
    '- Everything that is done here is seen in `/v1` at once, and the other way round: an order is an order, a subscription a bundle, a SIM an eSIM with its line.',
  ].join('\n'),
];
