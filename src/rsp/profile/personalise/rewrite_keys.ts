// Authentication keys and the keys of the operator's security domain.
import { findElement } from '../profile_element.ts';
import {
  childOf,
  constructed,
  integerLeaf,
  leaf,
  mapChildren,
  type TlvNode,
  withChild,
} from '../tlv_tree.ts';
import { type Job, mapInside } from './job.ts';

export function rewriteAkaParameter(node: TlvNode, { subscription, wants }: Job): TlvNode {
  if (!wants.has('keys')) return node;
  const algorithmId = subscription.algorithm === 'test-xor' ? 3 : 1;
  return mapInside(node, 0xa1, (configuration) =>
    mapInside(configuration, 0xa1, (keySet) => {
      const numberOfKeccak = 0x87;
      const kept = constructed(
        keySet.tag,
        keySet.children.filter(({ tag }) => tag !== numberOfKeccak),
      );
      return [
        integerLeaf(0x80, algorithmId),
        leaf(0x82, subscription.ki),
        leaf(0x83, subscription.opc),
      ].reduce(withChild, kept);
    }),
  );
}

/** keyList [2] of { 95 usage, 82 key id, 83 version, 30 { 30 { 80 type, 86 data } } }; versions 1 to 15 are SCP80. */
export function rewriteSecurityDomain(
  node: TlvNode,
  { subscription: { otaKeys }, wants, elements }: Job,
): TlvNode {
  const isOperators = findElement(elements, 'securityDomain')?.node === node;
  if (!wants.has('ota') || !otaKeys || !isOperators) return node;
  const byId: Readonly<Record<number, Uint8Array>> = { 1: otaKeys.kic, 2: otaKeys.kid, 3: otaKeys.kik };
  return mapInside(node, 0xa2, (keyList) =>
    mapChildren(keyList, (key) => {
      const version = integerOrByte(childOf(key, 0x83));
      const value = byId[integerOrByte(childOf(key, 0x82)) ?? 0];
      if (!value || version === undefined || version < 1 || version > 15) return key;
      return mapInside(key, 0x30, (components) =>
        mapInside(components, 0x30, (component) => withChild(component, leaf(0x86, value))),
      );
    }),
  );
}

function integerOrByte(node: TlvNode | undefined): number | undefined {
  return node?.value.length === 1 ? node.value[0] : undefined;
}
