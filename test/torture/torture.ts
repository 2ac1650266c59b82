// Kills the server again and again under load, and then counts: nothing acknowledged lost, nothing done twice, every end
// of an order told to a webhook receiver that refuses one request in ten, and every eSIM profile that was ordered through
// the Super SIM door to its callback.
// `npm run torture [-- --rounds 50 --seed 1]`
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../fuzz/seeded_random.ts';
import { checkBooks } from './check_books.ts';
import { createUsageLoad } from './usage_load.ts';
import { openWebhookReceiver } from './webhook_receiver.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const random = seededRandom(seed).next;
const clients = 8;
const product = 'esim_1GB_7D_NL_V2';

const dataDir = await mkdtemp(join(tmpdir(), 'overair-torture-'));
const environment = {
  ...process.env,
  OVERAIR_DATA_DIR: dataDir,
  OVERAIR_HTTP_PORT: '0',
  OVERAIR_ES9_PORT: '0',
  OVERAIR_ES2_PORT: '0',
  OVERAIR_SMDS_PORT: '0',
  OVERAIR_LOG_LEVEL: 'error',
  OVERAIR_CALLBACK_NETWORKS: '127.0.0.0/8',
};
const overair = new URL('../../bin/overair', import.meta.url).pathname;

/** What we sent, by Idempotency-Key: `answered` is what we were told, if the server lived long enough to tell. */
type Sent = { key: string; quantity: number; door: 'v1' | 'supersim'; orderId?: string; refused?: string };
const sent = new Map<string, Sent>();
/** Answers of the server about itself, by status and code. */
const failures = new Map<string, number>();

const receiver = await openWebhookReceiver(random, 0.1);
let server: ChildProcess | undefined;
try {
  console.log(`torture: ${rounds} rounds, seed ${seed}, data in ${dataDir}`);
  const { apiKey } = await sandbox();
  const firstUrl = await startServer();
  await fillStock(firstUrl, apiKey);
  await addEndpoint(firstUrl, apiKey);
  const usage = createUsageLoad({ apiKey, random });
  const usageOrder = await usage.prepare(firstUrl);
  await stopServer('SIGTERM');
  for (let round = 1; round <= rounds; round++) await playRound(round, apiKey, usage.run);
  const baseUrl = await startServer();
  await repeatUnanswered(baseUrl, apiKey);
  await waitUntilAllEnded(baseUrl, apiKey);
  await usage.repeatUnanswered(baseUrl);
  await waitUntilAllTold();
  await stopServer('SIGTERM');
  const orders = new Map(
    [...sent.values()].flatMap(({ orderId, quantity }) =>
      orderId === undefined ? [] : [[orderId, quantity] as const],
    ),
  );
  orders.set(...usageOrder);
  const untold = [usageOrder[0], ...toBeTold()].filter((id) => !receiver.told.has(id));
  const findings = [
    ...(await checkBooks({ dataDir, orders, usedBytes: usage.sentBytes() })),
    ...untold.map((id) => `${id} was never told`),
  ];
  for (const finding of findings) console.error(`✖ ${finding}`);
  const unanswered = [...sent.values()].filter(
    (each) => each.orderId === undefined && each.refused === undefined,
  ).length;
  console.log(
    `${orders.size} orders acknowledged over ${rounds} kills, ${[...sent.values()].filter((each) => each.refused).length} refused, ${unanswered} never answered: ${findings.length === 0 ? `every one completed exactly once and told (${receiver.repeats()} told again), ${usage.sentRecords()} usage records counted once` : `${findings.length} FINDINGS (seed ${seed})`}`,
  );
  process.exitCode = findings.length === 0 && orders.size > 0 && unanswered === 0 ? 0 : 1;
} finally {
  await stopServer('SIGTERM');
  await receiver.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function playRound(
  round: number,
  apiKey: string,
  useInLoop: (baseUrl: string, stopped: AbortSignal) => Promise<void>,
): Promise<void> {
  const baseUrl = await startServer();
  const stop = new AbortController();
  const load = Array.from({ length: clients }, (_, client) =>
    orderInLoop(baseUrl, apiKey, `r${round}-c${client}`, stop.signal),
  );
  load.push(useInLoop(baseUrl, stop.signal), useInLoop(baseUrl, stop.signal));
  await sleep(50 + random() * 1_200);
  // Every third time PostgreSQL dies with us, as it would in a power cut of the process table.
  const withDatabase = random() < 1 / 3;
  if (withDatabase) await killDatabase();
  await stopServer('SIGKILL');
  stop.abort();
  await Promise.all(load);
  const acknowledged = [...sent.values()].filter((each) => each.orderId !== undefined).length;
  console.log(
    `round ${round}: killed${withDatabase ? ' with PostgreSQL' : ''}, ${acknowledged} orders acknowledged so far`,
  );
}

async function orderInLoop(
  baseUrl: string,
  apiKey: string,
  name: string,
  stopped: AbortSignal,
): Promise<void> {
  for (let count = 0; !stopped.aborted; count++) {
    const quantity = random() < 0.02 ? 120 : 1 + Math.floor(random() * 3);
    const door = quantity === 1 && random() < 0.5 ? ('supersim' as const) : ('v1' as const);
    const order: Sent = { key: `${name}-${count}`, quantity, door };
    sent.set(order.key, order);
    if (!(await placeOrder(baseUrl, apiKey, order))) return;
    await sleep(random() * 60);
  }
}

/** False when no answer came. */
async function placeOrder(baseUrl: string, apiKey: string, order: Sent): Promise<boolean> {
  try {
    const response = await (order.door === 'v1' ? postOrder : postProfile)(baseUrl, apiKey, order);
    const body = (await response.json()) as { id?: string; sid?: string; code?: string };
    const id = body.id ?? (body.sid && `ord_${body.sid.slice(2)}`);
    if (response.status === 201 && id) order.orderId = id;
    else if (response.status < 500) order.refused = body.code ?? String(response.status);
    else
      failures.set(
        `${response.status} ${body.code}`,
        (failures.get(`${response.status} ${body.code}`) ?? 0) + 1,
      );
    return response.status < 500;
  } catch {
    return false;
  }
}

function postOrder(baseUrl: string, apiKey: string, { key, quantity }: Sent): Promise<Response> {
  return fetch(`${baseUrl}/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ lines: [{ product, quantity }] }),
  });
}

/** With a callback: then the order and who is told of it are written together. */
function postProfile(baseUrl: string, apiKey: string, { key }: Sent): Promise<Response> {
  return fetch(new URL('/supersim/v1/ESimProfiles', baseUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': key },
    body: new URLSearchParams({ GenerateMatchingId: 'true', CallbackUrl: receiver.url }),
  });
}

/** A client that got no answer asks again with the same key. */
async function repeatUnanswered(baseUrl: string, apiKey: string): Promise<void> {
  for (const order of sent.values()) {
    if (order.orderId === undefined && order.refused === undefined) await placeOrder(baseUrl, apiKey, order);
  }
}

/** Enough for every order: a refusal would be a round without load. */
async function fillStock(baseUrl: string, apiKey: string): Promise<void> {
  for (let batch = 0; batch * 10_000 < rounds * 1_000; batch++) {
    const response = await fetch(`${baseUrl}/stock/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profileType: 'overair-usim', generate: 10_000 }),
    });
    if (!response.ok)
      throw new Error(`the stock could not be filled: ${response.status} ${await response.text()}`);
  }
}

async function addEndpoint(baseUrl: string, apiKey: string): Promise<void> {
  const response = await fetch(`${baseUrl}/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url, types: ['order.completed', 'order.failed'] }),
  });
  if (!response.ok) throw new Error(`no webhook could be made: ${response.status} ${await response.text()}`);
  await fetch(`${baseUrl}/doors/supersim`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ product }),
  });
}

/** The orders that were acknowledged, and the SIDs of those that have a callback besides. */
function toBeTold(): string[] {
  return [...sent.values()].flatMap(({ orderId, door }) => {
    if (orderId === undefined) return [];
    return door === 'v1' ? [orderId] : [orderId, `HP${orderId.slice(4)}`];
  });
}

/** What a killed node was telling is told again when its lease of 30 seconds is over. */
async function waitUntilAllTold(): Promise<void> {
  const ids = toBeTold();
  for (let tries = 0; tries < 1_200 && ids.some((id) => !receiver.told.has(id)); tries++) await sleep(100);
}

async function waitUntilAllEnded(baseUrl: string, apiKey: string): Promise<void> {
  for (const { orderId } of sent.values()) {
    for (let tries = 0; orderId !== undefined && tries < 600; tries++) {
      const response = await fetch(`${baseUrl}/orders/${orderId}`, {
        headers: { authorization: `Bearer ${apiKey}` },
      });
      const { status } = (await response.json()) as { status?: string };
      if (status !== 'accepted' && status !== 'fulfilling') break;
      await sleep(100);
    }
  }
}

async function startServer(): Promise<string> {
  server = spawn(overair, ['serve'], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  for (let tries = 0; tries < 600; tries++) {
    const known = await readFile(join(dataDir, 'server.json'), 'utf8').then(JSON.parse, () => undefined);
    if (known?.pid === server.pid) {
      const ready = await fetch(`${known.apiUrl}/readyz`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return `${known.apiUrl}/v1`;
    }
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await sleep(50);
  }
  throw new Error('the server did not become ready');
}

async function stopServer(signal: NodeJS.Signals): Promise<void> {
  const child = server;
  server = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

async function killDatabase(): Promise<void> {
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`${file} names no process`);
  process.kill(pid, 'SIGKILL');
}

async function sandbox(): Promise<{ apiKey: string }> {
  const child = spawn(overair, ['sandbox', '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`overair sandbox ended with ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString()).doors.v1;
}
