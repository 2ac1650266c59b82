// What docs/compat/esimgo.md says beside its tables, in paragraphs.

export const intro = [
  '# The eSIM Go API, compared',
  "Overair speaks the eSIM Go API v2.4, and what is documented of v2.5, under `/v2.0` to `/v2.5` and under `/esimgo` on every host, and without a version on the hosts of `OVERAIR_ESIMGO_HOSTS`. All versions are one. This page compares it with the vendor's OpenAPI document, operation by operation and field by field: **same**, **differs** (how), **added**, or **refused** (why). A test compares the document, the routes and this page; and every answer that the door gives in the tests is validated against the document's schemas, with every member there and no other, but for what is named here.",
  'To move a client over, change its base URL and its key:',
  [
    '```sh',
    'curl -H "X-API-Key: $KEY" https://overair.example.com/v2.4/orders -H "Content-Type: application/json" \\',
    '  -d \'{"type":"transaction","assign":true,"order":[{"type":"bundle","quantity":1,"item":"esim_1GB_7D_NL_V2"}]}\'',
    '```',
  ].join('\n'),
  '`X-API-Key` is an API key of the account, the name of the header in any case; `Authorization: Bearer` is taken too. Each operation needs the scope of the key that the same in `/v1` needs. An order reference is the id of the order in `/v1` written as a UUID: `0193c1…-…` is `ord_0193c1…`. A branding profile (`profileID`) is a branding of `/v1`.',
  'What clients are known to do is taken: `order` or `Order`, items without `type`, `"assign":"true"`, `"iccids":[""]`, the older flat form of orders, bodies as `text/json` or without a type, empty query parameters. Unknown members are ignored. Names of bundles are case-sensitive.',
];

export const errors = [
  '## Errors',
  '`{"message": "…"}`: the message names the field and says what to do. Those of `POST /orders` are sent as `text/plain`, as the document has it; the text is the same JSON. Another organisation’s ICCID or reference is answered like an unknown one. Which status the codes of `/v1` have:',
];

/** Words for programs: reason, status, when. */
export const reasons: readonly (readonly [string, string, string])[] = [
  ['missing_key', '403', 'there is no API key'],
  ['unknown_key', '403', 'the API key is unknown, revoked or expired'],
  ['missing_scope', '403', 'the API key lacks the scope that `scope` names'],
  ['forbidden', '403', 'anything else that the caller may not do'],
  ['unknown_iccid', '400', 'the account has no eSIM with this ICCID'],
  ['unknown_reference', '400', 'the account has no order with this reference'],
  ['unknown_assignment', '400', 'there is no such bundle on this eSIM'],
  ['bundle_used', '400', 'the bundle can no longer be revoked'],
  ['order_failed', '400', 'the order came to nothing; nothing was charged'],
  ['not_seen', '400', 'no network has seen the eSIM yet'],
  ['not_deletable', '400', 'eSIMs are not deleted'],
];

export const callbacks = [
  '## Callbacks',
  '`PUT /v1/doors/esimgo` sets what the vendor sets in its portal: `callbackUrl`, `callbackVersion` (3, or 2), `signatureEncoding` (`base64`, or `hex`: the vendor’s reference and guide differ). An account has one URL; a subaccount has its own or none.',
  [
    '| `alertType` | When | Beside `iccid` |',
    '| --- | --- | --- |',
    '| `Utilisation` | an allowance of a bundle is used by 1, 50, 80 and 100 percent, or those that the account or the bundle has set | `bundle`, with what was left then |',
    '| `FirstAttachment` | an eSIM is on a network for the first time | **added:** `country` |',
    '| `FirstUse` | an eSIM uses data of a bundle for the first time | `bundle` |',
    '| `CountryChange` | an eSIM is in another country than before | `country` |',
  ].join('\n'),
  '`bundle` has the members of the document; quantities are bytes, messages or whole minutes, and -1 for data without a limit. Version 2 has `name`, the quantities and the times only, no `country` in `FirstAttachment`, and no signature. **Differs:** a country is told when it changes, the first one in `FirstAttachment`; coming back within 24 hours is told again, and staying is not.',
  'Version 3 carries `X-Signature-SHA256`, the HMAC-SHA256 of the body as it came. Its key is the secret of `POST /v1/doors/esimgo/signing-secret`, else the API key that set the URL; set the API key of your client there, and it verifies as before. With the key `k`, the body `{"iccid":"8944538532008160222","alertType":"Utilisation"}` has the signature `MfEiHOcrsMVoV7IJHhITflF67VA8h4AEXLwHefwyI6Q=`. **Added:** the header `webhook-id`, the same for each attempt.',
  'The vendor does not say how often it tries. Here a callback is tried until it is answered with 2xx, for 24 hours, in order for each bundle and eSIM: see [webhooks](../webhooks.md).',
];

export const closing = [
  '## Rate limit',
  '10 requests in a second for each API key, over all nodes, as since v2.4 (`OVERAIR_ESIMGO_REQUESTS_PER_SECOND`; 0 for none); 429 with `Retry-After` beyond that. There is no pause between orders, and an order has up to 10,000 bundles.',
  '## What is ours',
  [
    '- `Idempotency-Key` on everything that is not a GET and makes or moves something: a repetition gets what was made the first time.',
    '- `clientReference` on orders, by which they are found.',
    '- `reason` in refusals.',
    '- `X-Request-Id` on every answer.',
  ].join('\n'),
];
