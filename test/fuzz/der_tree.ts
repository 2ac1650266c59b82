// DER taken apart into a tree that can be damaged and put together again, with whatever lengths one likes.

export type Node = {
  tag: Buffer;
  /** Children of a constructed element, else its bytes. */
  value: Node[] | Buffer;
  /** The length as it is written instead of the right one; `indefinite` ends with two zeros. */
  length?: Buffer | 'indefinite';
};

/** The elements of `bytes`, what is deeper than `depthMax` as bytes; undefined when they are not DER to the last byte. */
export function readTree(bytes: Buffer, depthMax = 64): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    if (!head) return undefined;
    const { tag, valueAt, end } = head;
    const content = bytes.subarray(valueAt, end);
    const isConstructed = ((tag[0] ?? 0) & 0x20) !== 0 && depthMax > 0;
    nodes.push({ tag, value: (isConstructed && readTree(content, depthMax - 1)) || content });
    at = end;
  }
  return nodes;
}

export function writeTree(nodes: readonly Node[]): Buffer {
  return Buffer.concat(nodes.map(writeNode));
}

/** Every node of the tree with the list that it is in. */
export function allNodes(nodes: Node[]): { node: Node; siblings: Node[] }[] {
  return nodes.flatMap((node) => [
    { node, siblings: nodes },
    ...(Array.isArray(node.value) ? allNodes(node.value) : []),
  ]);
}

/** The shortest length of so many bytes. */
export function lengthOf(count: number): Buffer {
  if (count < 0x80) return Buffer.of(count);
  const hex = count.toString(16);
  const digits = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.of(0x80 + digits.length), digits]);
}

export function cloneTree(nodes: readonly Node[]): Node[] {
  return nodes.map((node) => ({
    ...node,
    value: Array.isArray(node.value) ? cloneTree(node.value) : node.value,
  }));
}

function writeNode({ tag, value, length }: Node): Buffer {
  const content = Array.isArray(value) ? writeTree(value) : value;
  if (length === 'indefinite') return Buffer.concat([tag, Buffer.of(0x80), content, Buffer.alloc(2)]);
  return Buffer.concat([tag, length ?? lengthOf(content.length), content]);
}

function readHead(bytes: Buffer, at: number): { tag: Buffer; valueAt: number; end: number } | undefined {
  let tagEnd = at + 1;
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f) {
    while (((bytes[tagEnd] ?? 0) & 0x80) !== 0) tagEnd++;
    tagEnd++;
  }
  const first = bytes[tagEnd];
  if (first === undefined) return undefined;
  const size = first < 0x80 ? 0 : first - 0x80;
  const valueAt = tagEnd + 1 + size;
  if (first === 0x80 || size > 4 || valueAt > bytes.length) return undefined;
  const count = size === 0 ? first : bytes.readUIntBE(tagEnd + 1, size);
  const end = valueAt + count;
  return end > bytes.length ? undefined : { tag: bytes.subarray(at, tagEnd), valueAt, end };
}
