// A tree of TLV elements that keeps every byte as received; an edited node is a new node, so trees can be shared.
import { AppError } from '../../base/app_error.ts';
import { readTlvAt } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

/** One element: `raw` is the whole of it, `value` its content, `children` the elements inside when constructed. */
export type TlvNode = {
  readonly tag: number;
  readonly raw: Uint8Array;
  readonly value: Uint8Array;
  readonly children: readonly TlvNode[];
};

const depthMax = 16;
// The GSMA test packages have up to 1,600; rules that compare elements in pairs stay below a second.
const nodesMax = 20_000;

/** All elements of `bytes`, down to the leaves. Throws `invalid_profile_package` when the data is cut off or nested too deep. */
export function readTlvTree(bytes: Uint8Array): TlvNode[] {
  try {
    return readNodes(bytes, 0, { left: nodesMax });
  } catch (cause) {
    throw notWellFormed(cause);
  }
}

/** A leaf with this content. */
export function leaf(tag: number, value: Uint8Array): TlvNode {
  return { tag, raw: tlv(tag, value), value, children: [] };
}

/** A constructed element around these children. */
export function constructed(tag: number, children: readonly TlvNode[]): TlvNode {
  const raw = tlv(tag, ...children.map((child) => child.raw));
  const valueLength = children.reduce((sum, child) => sum + child.raw.length, 0);
  return { tag, raw, value: raw.subarray(raw.length - valueLength), children };
}

export function childOf(node: TlvNode | undefined, tag: number): TlvNode | undefined {
  return node?.children.find((child) => child.tag === tag);
}

export function childrenOf(node: TlvNode | undefined, tag: number): readonly TlvNode[] {
  return node?.children.filter((child) => child.tag === tag) ?? [];
}

/** The node with every child passed through `edit`; the same node when nothing changed. */
export function mapChildren(node: TlvNode, edit: (child: TlvNode) => TlvNode): TlvNode {
  const children = node.children.map(edit);
  return children.every((child, i) => child === node.children[i]) ? node : constructed(node.tag, children);
}

/** The node with `child` in the place of the child of the same tag, or put in by ascending tag when there is none. */
export function withChild(node: TlvNode, child: TlvNode): TlvNode {
  const at = node.children.findIndex((other) => other.tag === child.tag);
  if (at >= 0) return constructed(node.tag, node.children.with(at, child));
  const next = node.children.findIndex((other) => other.tag > child.tag);
  return constructed(node.tag, node.children.toSpliced(next < 0 ? node.children.length : next, 0, child));
}

/** The value of a short signed INTEGER of up to six bytes; undefined when the node is absent, empty or longer. */
export function integerOf(node: TlvNode | undefined): number | undefined {
  if (!node || node.value.length < 1 || node.value.length > 6) return undefined;
  return Buffer.from(node.value).readIntBE(0, node.value.length);
}

/** A leaf that holds a signed INTEGER, shortest form. */
export function integerLeaf(tag: number, value: number): TlvNode {
  let size = 1;
  while (value < -(2 ** (size * 8 - 1)) || value >= 2 ** (size * 8 - 1)) size++;
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return leaf(tag, bytes);
}

function readNodes(bytes: Uint8Array, depth: number, budget: { left: number }): TlvNode[] {
  if (depth > depthMax) throw new Error('nested too deep');
  const nodes: TlvNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (--budget.left < 0) throw new Error('too many elements');
    const { tag, raw, value } = readTlvAt(bytes, at, 'ber');
    at += raw.length;
    nodes.push({ tag, raw, value, children: isConstructed(raw) ? readNodes(value, depth + 1, budget) : [] });
  }
  return nodes;
}

function isConstructed(raw: Uint8Array): boolean {
  return ((raw[0] ?? 0) & 0x20) !== 0;
}

function notWellFormed(cause: unknown): AppError {
  return new AppError(
    'invalid_profile_package',
    'The file is not a valid profile package: data is cut off or follows the last element.',
    { cause, internal: cause instanceof Error ? cause.message : String(cause) },
  );
}
