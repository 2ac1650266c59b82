// What can be wrong with a JSON body, its Base64 and its hex, as tables.
import type { Random } from './seeded_random.ts';

export type Members = Record<string, unknown>;

/** The body as text; what it says may still be what was meant. */
export function damageJson(members: Members, random: Random): string | Buffer {
  const names = Object.keys(members);
  const name = random.pick(names);
  return random.pick(bodies)({ members: { ...members }, name, random });
}

type Damage = (of: { members: Members; name: string; random: Random }) => string | Buffer;

const change = (make: (value: unknown, random: Random) => unknown): Damage => {
  return ({ members, name, random }) => JSON.stringify({ ...members, [name]: make(members[name], random) });
};

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const bodies: readonly Damage[] = [
  ({ members, name }) => JSON.stringify({ ...members, [name]: undefined }),
  change((_value, random) => random.pick(strangeValues)),
  change((_value, random) => random.pick(strangeValues)),
  change((value) => [value]),
  change((value) => ({ value })),
  change(
    (value, random) => `${value}${random.pick(['\0', '\ud800', ' ', '\n', '=', '==', '====', 'é', '𝄞'])}`,
  ),
  change((value, random) => random.pick(['\ufeff', ' ', '\t']) + String(value)),
  change((_value, random) => 'A'.repeat(random.pick([1, 3, 4, 1000, 60_000, 200_000]))),
  change((value) => String(value).toLowerCase()),
  change((value) => String(value).toUpperCase()),
  change((value) => String(value).replaceAll('+', '-').replaceAll('/', '_')),
  change((value, random) => cutText(String(value), random)),
  change((value, random) => swapText(String(value), random)),
  ({ members, name }) => JSON.stringify({ ...members, [`${name} `]: members[name], [name]: undefined }),
  ({ members, name }) => JSON.stringify(members).replace(/}$/, `,"${name}":"AA=="}`),
  ({ members }) =>
    JSON.stringify(members).replace(/}$/, ',"__proto__":{"x":1},"constructor":1,"toString":2}'),
  ({ members, random }) => JSON.stringify({ header: random.pick(headers), ...members }),
  ({ members, random }) => JSON.stringify({ header: random.pick(headers), ...members }),
  ({ members }) => JSON.stringify([members]),
  ({ members }) => JSON.stringify(JSON.stringify(members)),
  ({ members, random }) => cutText(JSON.stringify(members), random),
  ({ members }) => `\ufeff${JSON.stringify(members)}`,
  ({ members }) => Buffer.from(JSON.stringify(members), 'utf16le'),
  ({ members }) => `${JSON.stringify(members)}${JSON.stringify(members)}`,
  ({ random }) => random.pick(strangeBodies),
  ({ random }) => random.bytes(random.int(0, 300)),
];

function cutText(text: string, random: Random): string {
  return text.slice(0, random.int(0, Math.max(0, text.length - 1)));
}

function swapText(text: string, random: Random): string {
  const at = random.int(0, Math.max(0, text.length - 1));
  return text.slice(0, at) + random.pick(['*', 'A', '=', ' ', '\u0000', '"', '0']) + text.slice(at + 1);
}

const strangeValues = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  [],
  {},
  [[]],
  'null',
  '%s',
  '\u0000',
  '=',
  '====',
  'A===',
  'zz',
  '00',
  'f'.repeat(33),
  '🙂'.repeat(100),
];
const headers = [
  null,
  1,
  'x',
  [],
  {},
  { functionRequesterIdentifier: 1 },
  { functionRequesterIdentifier: 'x'.repeat(10_000), functionCallIdentifier: '\0' },
  { functionExecutionStatus: { status: 'Executed-Success' } },
];
const strangeBodies = [
  '',
  ' ',
  'null',
  'true',
  '1',
  '""',
  '[]',
  '{}',
  '{',
  '{}{}',
  '{"a":1e999}',
  '{"a":"\\ud800"}',
  '\0',
  deep('[', ']', 5_000),
  deep('{"a":', '}', 3_000),
  deep('[', '', 100_000),
  `{${'"a":1,'.repeat(20_000)}"a":1}`,
  `"${'x'.repeat(250_000)}"`,
];
