// Scopes: what an API key may be allowed.

/** `orders:write` places and cancels orders, `keys:write` makes and revokes keys, `operator` handles stock, products and profile types. */
export const scopes = ['read', 'orders:write', 'keys:write', 'operator'] as const;

export type Scope = (typeof scopes)[number];
