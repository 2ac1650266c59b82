// What was found a moment ago, so that most requests need no query for what hardly ever changes.
import type { Ctx } from '../../pg/ctx.ts';

/** What is held under this name, or what `load` gives, held from now on for two seconds. */
export type Held<T> = (ctx: Ctx, name: string, load: () => Promise<T>) => Promise<T>;

/** A place of its own for things of one kind. */
export function holding<T>(): Held<T> {
  // Keyed by the vault: one per running process.
  const heldBy = new WeakMap<Ctx['vault'], Map<string, Kept<T>>>();
  return async (ctx, name, load) => {
    const held = heldBy.get(ctx.vault) ?? new Map<string, Kept<T>>();
    heldBy.set(ctx.vault, held);
    const known = held.get(name);
    if (known && known.epoch === epoch && known.until > Date.now()) return known.value;
    const loadedIn = epoch;
    const value = await load();
    if (held.size >= heldMax) held.clear();
    held.set(name, { value, epoch: loadedIn, until: Date.now() + heldMs });
    return value;
  };
}

/** Forgets all that is held, of every kind: called when a key, a clock or a door has changed, here or on another node. */
export function forgetHeld(): void {
  epoch++;
}

/** Not held any more once it is of an earlier epoch than the current one. */
type Kept<T> = { value: T; epoch: number; until: number };

const heldMs = 2_000;
const heldMax = 10_000;
let epoch = 0;
