// What this process calls strangers with, set once at the start.
import type { Ctx } from '../../../pg/ctx.ts';
import { createOutgoing, type Outgoing } from './send_request.ts';

/** Makes `outgoing` the one that this process uses. */
export function useOutgoing(of: Pick<Ctx, 'vault'>, outgoing: Outgoing): void {
  heldBy.set(of.vault, outgoing);
}

/** What was set; without that, one that calls only the public internet. */
export function outgoingOf({ vault }: Pick<Ctx, 'vault'>): Outgoing {
  const held = heldBy.get(vault) ?? createOutgoing();
  heldBy.set(vault, held);
  return held;
}

// Keyed by the vault: one per running process.
const heldBy = new WeakMap<Ctx['vault'], Outgoing>();
