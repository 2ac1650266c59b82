// The header's ICCID and the services that follow from the key sets.
import { toBcd } from '../../../base/digits.ts';
import type { ProfileElement } from '../profile_element.ts';
import type { Subscription } from '../subscription.ts';
import { constructed, leaf, mapChildren, type TlvNode, withChild } from '../tlv_tree.ts';
import { type Job, ownKeySet } from './job.ts';

export const headerTags = { iccid: 0x83, services: 0xa5 } as const;

export function rewriteHeader(node: TlvNode, { subscription, wants, elements }: Job): TlvNode {
  return mapChildren(node, (child) => {
    if (child.tag === headerTags.iccid && wants.has('iccid'))
      return leaf(child.tag, toBcd(subscription.iccid, 10));
    if (child.tag === headerTags.services && wants.has('services') && wants.has('keys'))
      return rewriteServices(child, algorithmFlags(subscription), elements);
    return child;
  });
}

// Flags of milenage, tuak128, tuak256 and usim-test-algorithm.
const algorithmFlagTags: readonly number[] = [0x84, 0x85, 0x90, 0x91];

function algorithmFlags({ algorithm }: Subscription): number {
  return algorithm === 'test-xor' ? 0x91 : 0x84;
}

/** All own key sets get the same algorithm, so one flag replaces all; none when no mandated element needs it. */
function rewriteServices(node: TlvNode, flag: number, elements: readonly ProfileElement[]): TlvNode {
  const others = node.children.filter(({ tag }) => !algorithmFlagTags.includes(tag));
  const kept = constructed(node.tag, others);
  const needed = elements.some((element) => element.mandated && ownKeySet(element));
  return needed ? withChild(kept, leaf(flag, Uint8Array.of())) : kept;
}
