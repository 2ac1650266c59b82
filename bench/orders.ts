// Durable orders accepted per second over HTTP, against a bare route that parses the same body and answers as much.

import { connect } from 'node:net';
import type { Bench } from './support/bench.ts';
import { type BenchInstallation, openBenchInstallation } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { orderRequests } from './support/order_requests.ts';
import { createRawHttp } from './support/raw_http.ts';
import { type LoadProcess, startBareRoute, startLoad, startServer, withCost } from './support/start.ts';
import { printTable } from './support/table.ts';

const clientCounts = [1, 32, 128];
const warmUpSeconds = 3;

export const benchOrders: Bench = async ({ runs, seconds, profileDir }) => {
  const paused = await openBenchInstallation({ accounts: 100, stock: 5_000 });
  const whole = await openBenchInstallation({ accounts: 100, stock: stockFor(runs, seconds) });
  const api = await startServer({ dataDir: paused.dataDir, apiOnly: true }, { profileDir });
  const server = await startServer({ dataDir: whole.dataDir });
  const bare = await startBareRoute({ kind: 'parse body', answer: await placeOne(api.apiPort, paused) });
  const load = startLoad();
  const targets: Target[] = [
    {
      name: 'bare fastify route',
      port: bare.apiPort,
      pid: bare.pid,
      requests: orderRequests(paused.accounts),
    },
    { name: 'orders', port: api.apiPort, pid: api.pid, requests: orderRequests(paused.accounts), of: paused },
    {
      name: 'orders, one account',
      port: api.apiPort,
      pid: api.pid,
      requests: orderRequests(paused.accounts.slice(0, 1)),
      of: paused,
    },
    {
      name: 'orders, fulfilled meanwhile',
      port: server.apiPort,
      pid: server.pid,
      requests: orderRequests(whole.accounts),
      of: whole,
    },
    {
      name: 'same, one account',
      port: server.apiPort,
      pid: server.pid,
      requests: orderRequests(whole.accounts.slice(0, 1)),
      of: whole,
    },
  ];
  try {
    for (const target of targets) await measure(load, target, 32, warmUpSeconds);
    await whole.settle();
    for (const each of [paused, whole]) await each.analyse();
    for (const clients of clientCounts) {
      const runsOf = new Map<Target, Measured[]>(targets.map((target) => [target, []]));
      for (let run = 0; run < runs; run++) {
        for (const [target, results] of runsOf) {
          results.push(await measure(load, target, clients, seconds));
          await whole.settle();
        }
      }
      printClients(clients, runsOf);
    }
  } finally {
    for (const each of [load, bare, api, server]) await each.stop();
    for (const each of [paused, whole]) await each.close();
  }
};

type Target = { name: string; port: number; pid: number; requests: string[]; of?: BenchInstallation };

type Measured = { perSecond: number; p50Ms: number; p99Ms: number; serverUs: number; postgresUs: number };

/** Enough for the two targets that are fulfilled, at more than they can take. */
function stockFor(runs: number, seconds: number): number {
  const fulfilledSeconds = 2 * (clientCounts.length * runs * seconds + warmUpSeconds);
  return Math.ceil(fulfilledSeconds * 2_500);
}

async function placeOne(port: number, installation: BenchInstallation): Promise<unknown> {
  const client = createRawHttp(connect(port, '127.0.0.1'));
  const { body } = await client.request(orderRequests(installation.accounts)[0] ?? '');
  client.close();
  return JSON.parse(body);
}

async function measure(
  load: LoadProcess,
  target: Target,
  clients: number,
  seconds: number,
): Promise<Measured> {
  const { port, pid: serverPid, requests } = target;
  const postmaster = target.of && { postmasterPid: target.of.postmasterPid };
  const { perSecond, p50Ms, p99Ms, serverUs, postgresUs } = await withCost({ serverPid, ...postmaster }, () =>
    load.ask({ port, clients, seconds, requests, status: 201 }),
  );
  return { perSecond, p50Ms, p99Ms, serverUs, postgresUs };
}

function printClients(clients: number, runsOf: Map<Target, Measured[]>): void {
  const [bareRuns = []] = runsOf.values();
  const bare = mediansOf(bareRuns);
  printTable({
    title: `Orders over HTTP, ${clients} client${clients === 1 ? '' : 's'}`,
    head: ['', 'per second (min–max)', 'of bare', 'p50 ms', 'p99 ms', 'server CPU µs', 'PostgreSQL CPU µs'],
    rows: [...runsOf].map(([{ name }, results]) => {
      const { perSecond, p50Ms, p99Ms, serverUs, postgresUs } = mediansOf(results);
      const rates = spread(results.map((each) => each.perSecond));
      return [name, rates, perSecond / bare.perSecond, p50Ms, p99Ms, serverUs, postgresUs];
    }),
  });
}
