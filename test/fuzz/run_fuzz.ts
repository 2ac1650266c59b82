// A run of the fuzzer: attackers side by side, each with a seed of its own, against one server, and what was found.
import { readPkiFolder } from '../../src/main/pki_files.ts';
import { readPki } from '../../src/rsp/pki/read_pki.ts';
import { type CheckedAnswer, type FuzzAnswer, isTooLong } from './check_answer.ts';
import { damageHttp } from './damage_http.ts';
import { type Es2World, es2Story, makeOperator } from './es2_story.ts';
import { type Es9World, es9Story } from './es9_story.ts';
import { makeFuzzCard } from './fuzz_card.ts';
import { sendRaw } from './fuzz_client.ts';
import type { FuzzRequest } from './fuzz_request.ts';
import { type FuzzedServer, type Memory, startFuzzedServer } from './fuzzed_server.ts';
import { openProfilePool, type ProfilePool } from './profile_pool.ts';
import { type Random, seededRandom } from './seeded_random.ts';
import type { Sending, Story, StoryWorld } from './story.ts';

export type FuzzOptions = {
  messages: number;
  seed: number;
  databaseUrl?: string;
  onProgress?: (line: string) => void;
};

export type FuzzReport = {
  messages: number;
  messagesPerSecond: number;
  /** Answers by function, what was done, and code. */
  counts: Map<string, number>;
  faults: string[];
  memory: { warm: Memory; end: Memory };
};

const attackers = 4;
const faultsMax = 20;
const heapGrowthBytesMax = 48 * 1024 * 1024;
const rssGrowthBytesMax = 160 * 1024 * 1024;

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const server = await startFuzzedServer(options.databaseUrl);
  try {
    const pool = await openProfilePool(server);
    try {
      return await attack(options, server, pool);
    } finally {
      await pool.close();
    }
  } finally {
    await server.stop();
  }
}

async function attack(options: FuzzOptions, server: FuzzedServer, pool: ProfilePool): Promise<FuzzReport> {
  const counts = new Map<string, number>();
  const faults: string[] = [];
  const world = { server, pool, counts, faults, sent: 0, ...options };
  const random = seededRandom(options.seed);
  const pki = readPki(await readPkiFolder(server.pkiDir));
  const cards = Array.from({ length: 6 }, () => makeFuzzCard(pki, new Date()));
  const operator = await makeOperator(server);
  const shared: Shared = { cards, operator, address: server.smdpAddress, transactions: [] };
  const before = await pool.bystanders();
  const run = async (until: number) => {
    const all = Array.from({ length: attackers }, () => runAttacker(world, shared, random.fork(), until));
    await Promise.all(all);
  };
  await run(Math.round(options.messages * 0.2));
  const warm = await server.memory();
  const startedAt = performance.now();
  const counted = world.sent;
  await run(options.messages);
  const seconds = (performance.now() - startedAt) / 1000;
  if ((await pool.bystanders()) !== before) faults.push('a profile changed that no message had named');
  await checkSessions(world);
  const end = await server.memory().catch(() => warm);
  faults.push(...server.faults, ...memoryFaults(warm, end));
  return {
    messages: world.sent,
    messagesPerSecond: (world.sent - counted) / seconds,
    counts,
    faults,
    memory: { warm, end },
  };
}

type World = FuzzOptions & {
  server: FuzzedServer;
  pool: ProfilePool;
  counts: Map<string, number>;
  faults: string[];
  sent: number;
};
type Shared = Omit<Es9World & Es2World, keyof StoryWorld | 'port'>;

/** What is attacked, with how often. */
const targets: readonly {
  weight: number;
  story: (world: StoryWorld & Shared, server: FuzzedServer) => Story;
}[] = [
  { weight: 4, story: (world, { es9Url }) => es9Story({ ...world, port: portOf(es9Url) }) },
  { weight: 1, story: (world, { es2Url }) => es2Story({ ...world, port: portOf(es2Url) }) },
];

const portOf = (url: string) => Number(new URL(url).port);

async function runAttacker(world: World, shared: Shared, random: Random, until: number): Promise<void> {
  const { server, pool } = world;
  const closers: (() => void)[] = [];
  const states = new Map<string, string>();
  const mayGoOn = () =>
    world.sent < until && world.faults.length < faultsMax && server.faults.length < faultsMax;
  const given = {
    ...shared,
    random,
    pool,
    mayGoOn,
    onClose: (close: () => void) => void closers.push(close),
  };
  const send: StoryWorld['send'] = (sending, check) => attackOnce(world, { sending, check, random, states });
  const stories = targets.flatMap(({ weight, story }) => {
    const told = story({ ...given, send }, server);
    return Array.from({ length: weight }, () => told);
  });
  try {
    for (; mayGoOn(); states.clear()) await random.pick(stories)();
  } finally {
    for (const close of closers) close();
  }
}

type Attack = {
  sending: Sending;
  check: (answer: FuzzAnswer) => CheckedAnswer;
  random: Random;
  /** By ICCID: what a profile was after the last message of this attacker. */
  states: Map<string, string>;
};

async function attackOnce(world: World, { sending, check, random, states }: Attack) {
  const { client, port, request, iccid } = sending;
  world.sent++;
  if (world.sent % 10_000 === 0) world.onProgress?.(`${world.sent} messages, ${world.faults.length} faults`);
  const found = (what: string) => void world.faults.push(`${what}: ${describe(request)}`);
  const look = async () => (iccid === undefined ? '' : await world.pool.stateOf(iccid));
  const before = states.get(iccid ?? '') ?? (await look());
  try {
    if (random.chance(0.01)) await attackHttp(port, damageHttp(request, random), world);
    const answer = await client.send(request);
    const checked = check(answer);
    count(world, `${request.functionName} ${request.how} ${checked.code}`);
    if (checked.fault !== undefined) found(`${checked.fault}, answered ${excerpt(answer.body)}`);
    const after = await look();
    states.set(iccid ?? '', after);
    if (before !== after && !request.isProven)
      found(`the profile changed without proof from ${before} to ${after}`);
    return checked;
  } catch (error) {
    if (isTooLong(request)) count(world, `${request.functionName} ${request.how} hung up`);
    else found(`no answer (${error})`);
    return undefined;
  }
}

function describe({ functionName, how, binding, headers, body }: FuzzRequest): string {
  return `${functionName} (${how}, ${binding}) ${JSON.stringify(headers)} ${excerpt(body)}`;
}

/** Of damaged HTTP only the status is looked at: a connection that ends is what it asked for. */
async function attackHttp(port: number, pieces: Buffer[], world: World): Promise<void> {
  world.sent++;
  const answer = await sendRaw(port, pieces);
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status ?? '');
  count(world, `http damaged ${statuses.join('+') || 'closed'}`);
  if (statuses.some((status) => status >= '500' && status !== '505'))
    world.faults.push(`damaged HTTP was answered with ${statuses}: ${excerpt(Buffer.concat(pieces))}`);
}

/** Every session that was opened can be ended by the sweep: none is kept open beyond its time. */
async function checkSessions({ pool, faults }: World): Promise<void> {
  const open = await pool.openSessions();
  const overdue = await pool.overdueSessions();
  if (overdue > 0) faults.push(`${overdue} of ${open} open sessions should have ended minutes ago`);
}

function memoryFaults(warm: Memory, end: Memory): string[] {
  const heap = end.heapBytes - warm.heapBytes;
  const rss = end.rssBytes - warm.rssBytes;
  return [
    ...(heap > heapGrowthBytesMax ? [`the heap grew by ${heap} bytes`] : []),
    ...(rss > rssGrowthBytesMax ? [`the process grew by ${rss} bytes`] : []),
  ];
}

function count({ counts }: World, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function excerpt(bytes: string | Buffer): string {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '.');
  return text.length > 1_500 ? `${text.slice(0, 1_500)}… (${text.length})` : text;
}
