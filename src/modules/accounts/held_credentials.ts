// Credentials found a moment ago, so that most requests are authenticated without a query.
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Account } from './account.ts';
import type { Scope } from './scope.ts';

/** Who a request comes from, and what it may do. */
export type Credential = {
  account: Pick<Account, 'id' | 'kind' | 'currency' | 'name' | 'parentId'> & {
    /** How far the account's clock is ahead of the wall clock. */
    clockOffsetMs: number;
  };
  apiKeyId: Id<'apiKey'>;
  /** Whose key it is: the account itself, or its parent acting for it. */
  keyAccountId: Id<'account'>;
  scopes: readonly Scope[];
};

/** The credential held under `hash`, or the one that `load` gives, held from now on for two seconds. */
export async function heldCredential(
  ctx: Ctx,
  hash: string,
  load: () => Promise<Credential>,
): Promise<Credential> {
  const held = heldFor(ctx.vault);
  const known = held.get(hash);
  if (known && known.epoch === epoch && known.until > Date.now()) return known.credential;
  const loadedIn = epoch;
  const credential = await load();
  if (held.size >= heldMax) held.clear();
  held.set(hash, { credential, epoch: loadedIn, until: Date.now() + heldMs });
  return credential;
}

/** Forgets all that is held: called when a key was revoked or a clock moved, here or on another node. */
export function forgetCredentials(): void {
  epoch++;
}

const heldMs = 2_000;
const heldMax = 10_000;
let epoch = 0;

type Held = Map<string, { credential: Credential; epoch: number; until: number }>;
// Keyed by the vault: one per running process.
const heldBy = new WeakMap<Ctx['vault'], Held>();

function heldFor(vault: Ctx['vault']): Held {
  const held = heldBy.get(vault) ?? new Map();
  heldBy.set(vault, held);
  return held;
}
