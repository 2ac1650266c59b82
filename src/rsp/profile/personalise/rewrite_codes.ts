// PIN, PUK and ADM codes of a package, each by its key reference.
import { encodeCode } from '../card_encodings.ts';
import { childOf, integerOf, leaf, mapChildren, type TlvNode, withChild } from '../tlv_tree.ts';
import { type Job, mapInside } from './job.ts';

export function rewritePukCodes(node: TlvNode, { subscription: { puk1, puk2 }, wants }: Job): TlvNode {
  return wants.has('codes') ? rewriteCodes(node, { 1: puk1, 129: puk2 }) : node;
}

export function rewritePinCodes(node: TlvNode, { subscription: { pin1, pin2, adm1 }, wants }: Job): TlvNode {
  if (!wants.has('codes')) return node;
  return mapInside(node, 0xa1, (list) =>
    mapInside(list, 0xa0, (codes) => rewriteEntries(codes, { 1: pin1, 10: adm1, 129: pin2 })),
  );
}

type CodesByReference = Readonly<Record<number, string | undefined>>;

function rewriteCodes(node: TlvNode, codes: CodesByReference): TlvNode {
  return mapInside(node, 0xa1, (list) => rewriteEntries(list, codes));
}

/** Each entry is { keyReference [0], value [1], … }. */
function rewriteEntries(list: TlvNode, codes: CodesByReference): TlvNode {
  return mapChildren(list, (entry) => {
    const code = codes[integerOf(childOf(entry, 0x80)) ?? -1];
    return code === undefined ? entry : withChild(entry, leaf(0x81, encodeCode(code)));
  });
}
