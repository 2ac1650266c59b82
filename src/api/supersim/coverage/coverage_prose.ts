// What docs/compat/supersim.md says beside its tables, in paragraphs.
import { accessTokenSeconds } from '../sign_in/access_token.ts';

export const intro = [
  '# The Super SIM API, compared',
  "Overair speaks the Super SIM API (v1) of Twilio and of KORE under `/supersim/v1` on every host, and under `/v1` on the hosts of `OVERAIR_SUPERSIM_HOSTS`. This page compares it with the vendor's OpenAPI document, operation by operation and field by field: **same**, **differs** (how), or **refused** (why). A test compares the document, the routes and this page; and every answer that the door gives in the tests is validated against the document's schemas, with every member there and no other.",
  'To move a client over, change its base URL. With the official Node client:',
  [
    '```js',
    "const client = twilio('AC…', apiKey); // AC and the digits of the account's id",
    "client.supersim.baseUrl = 'https://overair.example.com/supersim';",
    'await client.supersim.v1.esimProfiles.create({ generateMatchingId: true });',
    '```',
  ].join('\n'),
  "SIDs are the ids of `/v1` under the vendor's prefixes: `HP0193…` is `esm_0193…`, `HS…` is `sim_…`, `AC…` is `acc_…`. Sims, Fleets and NetworkAccessProfiles are also found by their unique names.",
];

export const signingIn = [
  '## Signing in',
  [
    "- **Basic**, as at Twilio: `AC…` and any API key of that account or of its parent (then acting for the subaccount), or `SK…` (the digits of the key's id) and the key. The password also signs the callbacks of this caller, unless the account has set a secret for it.",
    `- **OAuth client credentials**: \`POST /v2/token\` (Twilio) or \`/api-services/v1/auth/token\` (KORE), at the root of every host and under \`/supersim\`, with \`client_id\` (\`OQ…\`, \`SK…\` or the key's id) and \`client_secret\` (the key). Tokens are JWTs that are good for ${accessTokenSeconds / 60} minutes; the longer lives that KORE lets one choose are not offered. \`scope\` may narrow what the key may do, in the words of \`/v1\`.`,
    '- **Bearer** with such a token or with an API key itself.',
  ].join('\n'),
  'Basic makes a Twilio caller; a token makes a caller of the vendor whose address it came from; a bare API key makes a KORE caller where the host name has `kore` in it. What hangs on it: links in errors, and events and signatures of callbacks.',
];

export const lists = [
  '## Lists',
  "As in the document: `PageSize` 1 to 1000 (50), `Page`, `PageToken`, and `meta` with absolute URLs that carry the host which the client called. Newest first. A page is found by the place that its token names, so the last page of a hundred thousand takes as long as the first, and nothing is missed or seen twice while more is made. `Page` alone leads nowhere: like the vendor's, it is only the client's own count. A page size or token that cannot be is refused with 400 and `20001`; a filter that names what is not there finds nothing.",
];

export const forms = [
  '## Forms',
  'Bodies are `application/x-www-form-urlencoded` not compressed, and nothing else (415), in UTF-8 (400). Unknown fields are ignored. Booleans are read in any case. A field that is no list may come once.',
];

export const errors = [
  '## Errors',
  "`{code, message, more_info, status}`; `more_info` leads to the vendor's page about the code. The message names the field and says what to do. Which `code` stands for which of the codes of `/v1`:",
];

/** Codes that no code of `/v1` stands for: code, status, when. */
export const ownErrors: readonly (readonly [string, string, string])[] = [
  ['20002', '400', 'nothing is wrong but that fields are missing'],
  ['20409', '400', "`AccountSid` is neither the caller's account nor a subaccount of it"],
  ['83003', '409', 'the card is registered in this account already; the message names its Sim'],
  ['83006', '404', 'the account has no fleet with this SID or unique name'],
  ['83600', '400', 'a time or filter of a question about usage cannot be'],
  ['83601', '400', '`StartTime` or `EndTime` is not the beginning of a day, by day'],
  ['83602', '400', '`StartTime` or `EndTime` is not the beginning of an hour, by hour'],
  ['83603', '400', 'more than 31 days, grouped by SIM'],
  ['83604', '400', 'more than 31 days by hour, 3 months by day, or 18 months altogether'],
  ['83605', '400', '`StartTime` is more than 18 months ago'],
];

export const callbacks = [
  '## Callbacks',
  "Sent as forms, or in the query for GET, with the vendor's field names. Twilio's carry `X-Twilio-Signature`; KORE's `kore-signature`, `kore-idempotency-token` (the same over repetitions) and `date`. They are signed with the secret that the account has set (`POST /v1/doors/supersim/signing-secret`), else with the password of the caller, else not at all. They are repeated for longer than the vendors do it: see [webhooks](../webhooks.md).",
  '`PUT /v1/doors/supersim` sets the product that an eSIM profile is, and whether its callbacks tell of `available` only or of all states.',
];

export const ours = [
  '## What is ours',
  [
    '- `Idempotency-Key` on every POST that makes something: a repetition gets what was made the first time.',
    '- `X-Request-Id` on every answer.',
    "- An order is paid for when it is placed, before the profile becomes `available`: at the account's own price, with its volume tiers (402 without the money). It is paid back when it fails.",
    '- Masked EIDs in sandbox accounts, so that the examples of the documentation run as they stand.',
    '- CORS for the origins of `OVERAIR_CORS_ORIGINS`.',
  ].join('\n'),
];
