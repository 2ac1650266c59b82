// What can be wrong with DER, as a table: each entry damages one element of a tree in its own way.
import { allNodes, cloneTree, lengthOf, type Node, readTree, writeTree } from './der_tree.ts';
import type { Random } from './seeded_random.ts';

/** `bytes` with one to three things wrong; always others than were given. */
export function damageDer(bytes: Uint8Array, random: Random): Buffer {
  const given = Buffer.from(bytes);
  for (;;) {
    const damaged = damageOnce(given, random);
    if (!damaged.equals(given)) return damaged;
  }
}

function damageOnce(given: Buffer, random: Random): Buffer {
  const tree = readTree(given);
  if (!tree || tree.length === 0 || random.chance(0.05)) return damageBytes(given, random);
  const nodes = cloneTree(tree);
  for (let count = random.int(1, 3); count > 0; count--) {
    const all = allNodes(nodes);
    if (all.length === 0) break;
    const { node, siblings } = random.pick(all);
    if (random.chance(0.2)) random.pick(moves)({ node, siblings, random });
    else Object.assign(node, random.pick(changes)(node, random));
  }
  return writeTree(nodes);
}

/** What takes the place of parts of an element. */
const changes: readonly ((node: Node, random: Random) => Partial<Node>)[] = [
  // Tags: another one, another class, primitive for constructed, long forms.
  (_node, random) => ({ tag: random.bytes(1) }),
  (node, random) => ({ tag: flip(node.tag, 0, random.pick([0x20, 0x40, 0x80, 0x01, 0x02])) }),
  (_node, random) => ({ tag: random.pick(strangeTags) }),
  // Lengths: too long, too short, not the shortest, indefinite, more than there is memory.
  (node, random) => ({ length: lengthOf(sizeOf(node) + random.pick([1, 2, 127, 65_536])) }),
  (node, random) => ({ length: lengthOf(Math.max(0, sizeOf(node) - random.pick([1, 2, 10, 1000]))) }),
  (node, random) => ({ length: longLength(sizeOf(node), random.int(1, 8)) }),
  () => ({ length: 'indefinite' }),
  (_node, random) => ({ length: random.pick(hugeLengths) }),
  // Depth.
  (node, random) => nest(node, random.pick([1, 2, 10, 30, 100, 200]), random),
  (_node, random) => ({ value: nested(random.pick([5, 50, 200, 2_000, 20_000]), random) }),
  // Contents: integers at their limits, odd OIDs and bit strings, bytes.
  (_node, random) => ({ value: random.pick(integers) }),
  (_node, random) => ({ value: random.pick(oids) }),
  (_node, random) => ({ value: random.pick(bitStrings) }),
  (_node, random) => ({ value: random.pick(texts) }),
  () => ({ value: Buffer.alloc(0) }),
  (node, random) => ({ value: random.bytes(sizeOf(node)) }),
  (node, random) => ({ value: damageBytes(contentOf(node), random) }),
  (node, random) => ({ value: damageBytes(contentOf(node), random) }),
  (_node, random) => ({ value: Buffer.alloc(random.pick([256, 4096, 65_536]), 0x41) }),
];

type Move = (of: { node: Node; siblings: Node[]; random: Random }) => void;

/** Elements dropped, doubled, in another order, strangers between them. */
const moves: readonly Move[] = [
  ({ node, siblings }) => void siblings.splice(siblings.indexOf(node), 1),
  ({ node, siblings, random }) =>
    void siblings.splice(siblings.indexOf(node), 0, ...Array(random.pick([1, 1, 2, 500])).fill(node)),
  ({ siblings, random }) => void siblings.push(...siblings.splice(0, random.int(1, 3))),
  ({ node, siblings, random }) =>
    void siblings.splice(siblings.indexOf(node) + random.int(0, 1), 0, strangeNode(random)),
];

/** A bit turned over, cut off, made longer, or a stretch of zeros. */
export function damageBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.int(0, Math.max(0, bytes.length - 1));
  const kind = random.int(0, 4);
  if (kind === 0 || bytes.length === 0) return Buffer.concat([bytes, random.bytes(random.pick([1, 2, 16]))]);
  if (kind === 1) return bytes.subarray(0, at);
  if (kind === 2) return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)]);
  return flip(bytes, at, 1 << random.int(0, 7));
}

function flip(bytes: Buffer, at: number, mask: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ mask;
  return changed;
}

function contentOf({ value }: Node): Buffer {
  return Array.isArray(value) ? writeTree(value) : value;
}

function sizeOf(node: Node): number {
  return contentOf(node).length;
}

function longLength(count: number, bytes: number): Buffer {
  const digits = Buffer.alloc(bytes);
  digits.writeUIntBE(count % 2 ** (8 * Math.min(bytes, 4)), Math.max(0, bytes - 4), Math.min(bytes, 4));
  return Buffer.concat([Buffer.of(0x80 + bytes), digits]);
}

function nest(node: Node, depth: number, random: Random): Partial<Node> {
  const tag = random.pick([Buffer.of(0x30), Buffer.of(0xa0), node.tag]);
  let inner: Node = { ...node };
  for (let count = 1; count < depth; count++) inner = { tag, value: [inner] };
  return { tag, value: [inner] };
}

/** As bytes: a tree so deep could not be walked. */
function nested(depth: number, random: Random): Buffer {
  const tag = Buffer.of(random.pick([0x30, 0x31, 0xa0, 0xa1]));
  const heads: Buffer[] = [];
  for (let size = 0; heads.length < depth; ) {
    const head = Buffer.concat([tag, lengthOf(size)]);
    heads.push(head);
    size += head.length;
  }
  return Buffer.concat(heads.reverse());
}

function strangeNode(random: Random): Node {
  return { tag: random.pick(strangeTags), value: random.bytes(random.int(0, 40)) };
}

const hex = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'hex'));

const strangeTags = hex(
  '00',
  '02',
  '04',
  '05',
  '0c',
  '30',
  '80',
  '81',
  '9f1f',
  'bf38',
  'bf21',
  'bf37',
  'bf2f',
  '5f37',
  '1f00',
  '1f8000',
  'bfffffffff7f',
  'ffff',
);
const hugeLengths = hex(
  '8400ffffff',
  '847fffffff',
  '84ffffffff',
  '88ffffffffffffffff',
  '8f0102030405060708090a0b0c0d0e0f',
  'ff',
  'fe',
  '80',
  '8100',
  '820000',
);
const integers = hex(
  '',
  '00',
  '01',
  'ff',
  '7f',
  '80',
  '0080',
  '00ff',
  '0100',
  '7fff',
  '8000',
  '7fffffff',
  '80000000',
  '00ffffffff',
  '7fffffffffffffff',
  '8000000000000000',
  '00ffffffffffffffff',
  '0000',
  'ffff',
  `7f${'ff'.repeat(31)}`,
  `01${'00'.repeat(200)}`,
);
const oids = hex(
  '',
  '00',
  '80',
  '8001',
  '2a',
  'ff',
  'ffff',
  '2a86',
  '2a8648ce3d030107',
  '8837',
  '883703010201',
  `2a${'ff'.repeat(8)}7f`,
  `2a${'ff'.repeat(40)}7f`,
  '06'.repeat(200),
);
const bitStrings = hex(
  '',
  '00',
  '01',
  '07',
  '0780',
  '08ff',
  'ff00',
  '0500',
  `00${'ff'.repeat(64)}`,
  '03420004',
);
const texts = [
  ...hex('c0af', 'ff', 'eda080', 'f4908080', '00', 'efbfbf'),
  ...['%00', "';--", 'ü€𝄞', '../../x', '\u202e', '{{7*7}}'].map((text) => Buffer.from(text)),
];
