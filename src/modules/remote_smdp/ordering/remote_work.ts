// Who calls remote servers in this process is woken by whoever writes down that there is something to call.
import type { Ctx } from '../../../pg/ctx.ts';

/** Calls `listener` whenever this process wrote down calls to be made. */
export function onRemoteWork(ctx: Ctx, listener: () => void): void {
  listenersOf(ctx).push(listener);
}

export function tellRemoteWork(ctx: Ctx): void {
  for (const listener of listenersOf(ctx)) listener();
}

// Keyed by the vault, which lives as long as the process serves this database.
const listenersBy = new WeakMap<Ctx['vault'], (() => void)[]>();

function listenersOf({ vault }: Ctx): (() => void)[] {
  const listeners = listenersBy.get(vault) ?? [];
  listenersBy.set(vault, listeners);
  return listeners;
}
