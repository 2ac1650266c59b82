// How this process tells SM-DSs of profiles that wait for an EID: set once at the start.
import type { Ctx } from '../../../pg/ctx.ts';
import { isSmdsAddress, type Smds, type SmdsClient } from '../../smds/index.ts';
import type { Smdp } from '../smdp.ts';

export type Push = {
  smdp: Pick<Smdp, 'address' | 'identities'>;
  /** The SM-DS of this installation, if it has one. */
  smds: Smds | undefined;
  /** The address of the root SM-DS, if events are to reach one. */
  root: string | undefined;
  /** ES12 towards other SM-DSs. */
  client: SmdsClient;
};

/** Makes `push` what this process uses. */
export function usePush(of: Pick<Ctx, 'vault'>, push: Push): void {
  heldBy.set(of.vault, push);
}

/** What was set; undefined where nobody is told of anything. */
export function pushOf({ vault }: Pick<Ctx, 'vault'>): Push | undefined {
  return heldBy.get(vault);
}

/** Where events are registered unless somebody says otherwise; undefined when there is no SM-DS. */
export function defaultSmdsAddress(of: Pick<Ctx, 'vault'>): string | undefined {
  const push = pushOf(of);
  return push?.smds?.address ?? push?.root;
}

/** True for our own SM-DS when what is registered there stays there, so that it is a matter of one transaction. */
export function isHere({ smds }: Push, smdsAddress: string): boolean {
  return smds !== undefined && smds.root === undefined && isSmdsAddress(smds, smdsAddress);
}

/** Calls `listener` whenever an SM-DS is to be called. */
export function onPushWaiting(of: Pick<Ctx, 'vault'>, listener: () => void): void {
  listenersBy.set(of.vault, [...(listenersBy.get(of.vault) ?? []), listener]);
}

export function tellPushWaiting(of: Pick<Ctx, 'vault'>): void {
  for (const listener of listenersBy.get(of.vault) ?? []) listener();
}

// Keyed by the vault: one per running process.
const heldBy = new WeakMap<Ctx['vault'], Push>();
const listenersBy = new WeakMap<Ctx['vault'], readonly (() => void)[]>();
