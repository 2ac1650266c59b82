// Scopes: what an API key may be allowed.

/**
 * `orders:write` places and cancels orders and decides over bundles, `lines:write` changes lines and sends commands,
 * `webhooks:write` handles endpoints and settings of doors, `keys:write` makes and revokes keys, `accounts:write` makes subaccounts, moves
 * SIMs between them and moves the test clock, `network` tells usage and attachments, `operator` handles stock, products,
 * price lists and profile types.
 */
export const scopes = [
  'read',
  'orders:write',
  'lines:write',
  'webhooks:write',
  'keys:write',
  'accounts:write',
  'network',
  'operator',
] as const;

export type Scope = (typeof scopes)[number];
