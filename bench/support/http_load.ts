// A process that loads one server: closed loop on keep-alive connections, each as often as it is told, or at a given rate whatever the server does.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './child.ts';
import { percentile } from './numbers.ts';
import { createRawHttp, type RawHttp } from './raw_http.ts';

export type Load = {
  port: number;
  clients: number;
  /** Whole requests, given out in turn; `{n}` becomes a number that no other request of this process has. */
  requests: readonly string[];
  status: number;
  seconds: number;
  /** Sent evenly at this rate, each when it is due; without it each client sends as soon as it was answered. */
  perSecond?: number;
  /** Each client sends once in this time, or when it is answered if that takes longer. */
  everyMs?: number;
};

export type LoadResult = { perSecond: number; p50Ms: number; p99Ms: number; sent: SentRequest[] };

/** `n` as in the request; `atMs` since the epoch. Only kept for loads with a rate. */
export type SentRequest = { n: string; atMs: number };

const processPart = process.pid.toString(36);
let count = 0;

answerParent(async (load: Load): Promise<LoadResult> => {
  const connections = await openConnections(load);
  const result = await loopOf(load)(load, connections);
  for (const connection of connections) connection.close();
  return result;
});

function loopOf({ perSecond, everyMs }: Load): typeof closedLoop {
  if (everyMs !== undefined) return pacedLoop;
  return perSecond === undefined ? closedLoop : openLoop;
}

async function openConnections({ port, clients }: Load): Promise<RawHttp[]> {
  const sockets = Array.from({ length: clients }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets.map(createRawHttp);
}

async function closedLoop(load: Load, connections: RawHttp[]): Promise<LoadResult> {
  const times: number[] = [];
  const started = performance.now();
  const until = started + load.seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) times.push((await send(load, connection)).ms);
    }),
  );
  return summary(times, performance.now() - started, []);
}

/** The clients begin one after the other, spread over the time. */
async function pacedLoop(load: Load, connections: RawHttp[]): Promise<LoadResult> {
  const { everyMs = 0 } = load;
  const times: number[] = [];
  const started = performance.now();
  const until = started + load.seconds * 1000;
  await Promise.all(
    connections.map(async (connection, index) => {
      let due = started + (index * everyMs) / connections.length;
      while (due < until) {
        await sleep(Math.max(0, due - performance.now()));
        times.push((await send(load, connection)).ms);
        due = Math.max(due + everyMs, performance.now());
      }
    }),
  );
  return summary(times, performance.now() - started, []);
}

/** More connections are needed than requests are ever under way: it throws when none is free. */
async function openLoop(load: Load, connections: RawHttp[]): Promise<LoadResult> {
  const { perSecond = 1, seconds } = load;
  const times: number[] = [];
  const sent: SentRequest[] = [];
  const pending: Promise<void>[] = [];
  const started = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    await sleep(Math.max(0, started + (index * 1000) / perSecond - performance.now()));
    const connection = connections.pop();
    if (!connection) throw new Error('all connections are busy');
    pending.push(
      send(load, connection).then(({ ms, ...request }) => {
        times.push(ms);
        sent.push(request);
        connections.push(connection);
      }),
    );
  }
  await Promise.all(pending);
  return summary(times, performance.now() - started, sent);
}

async function send(load: Load, connection: RawHttp): Promise<SentRequest & { ms: number }> {
  const n = `${processPart}-${count++}`;
  const request = load.requests[count % load.requests.length] ?? '';
  const since = performance.now();
  const { status, body } = await connection.request(request.replaceAll('{n}', n));
  if (status !== load.status) throw new Error(`answered ${status} instead of ${load.status}: ${body}`);
  return { n, atMs: performance.timeOrigin + since, ms: performance.now() - since };
}

function summary(times: number[], ms: number, sent: SentRequest[]): LoadResult {
  return {
    perSecond: (times.length * 1000) / ms,
    p50Ms: percentile(times, 50),
    p99Ms: percentile(times, 99),
    sent,
  };
}
