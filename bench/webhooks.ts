// 10,000 webhooks a minute to a good receiver: from the commit of an event to its receipt, without and beside a dead one.
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { emit } from '../src/modules/events/index.ts';
import { createEndpoint } from '../src/modules/webhooks/index.ts';
import { write } from '../src/pg/write.ts';
import type { Bench } from './support/bench.ts';
import { startChild } from './support/child.ts';
import { type BenchInstallation, openBenchInstallation } from './support/installation.ts';
import { median, percentile } from './support/numbers.ts';
import { cpuMsOf, cpuMsOfChildren } from './support/process_usage.ts';
import { printTable } from './support/table.ts';
import type { WebhookNodeQuestion } from './support/webhook_node.ts';

const perMinute = 10_000;
const warmUpSeconds = 2;

/** Each event goes to every receiver of its account, so the dead one is sent as much as the good one. */
export const benchWebhooks: Bench = async ({ runs, seconds }) => {
  const bench = await openBenchInstallation({ accounts: 3, stock: 0 });
  const node = startChild<WebhookNodeQuestion, true>('webhook_node.ts');
  await node.ask({ dataDir: bench.dataDir });
  const good = await openGoodReceiver();
  const other = await openGoodReceiver();
  const dead = await listen(() => {});
  const [alone, besideOther, besideDead] = bench.accounts.map((account) => account.id) as [
    string,
    string,
    string,
  ];
  for (const accountId of [alone, besideOther, besideDead]) await addEndpoint(bench, accountId, good.server);
  await addEndpoint(bench, besideOther, other.server);
  await addEndpoint(bench, besideDead, dead);
  const cases = [
    { name: 'the good one alone', accountId: alone, results: [] as Measured[] },
    { name: 'beside another good one', accountId: besideOther, results: [] as Measured[] },
    { name: 'beside a dead one', accountId: besideDead, results: [] as Measured[] },
  ];
  const run = (accountId: string, time: number) =>
    measure(bench, { accountId, good, nodePid: node.pid, time });
  try {
    await run(alone, warmUpSeconds);
    await bench.analyse();
    for (let count = 0; count < runs; count++)
      for (const each of cases) each.results.push(await run(each.accountId, seconds * 10));
    printTable({
      title: `Webhooks, ${perMinute.toLocaleString('en')} a minute to the good receiver`,
      head: ['', 'received', 'p50 ms', 'p99 ms', 'longest ms', 'node CPU %', 'PostgreSQL CPU %'],
      rows: cases.map(({ name, results }) => {
        const of = (pick: (each: Measured) => number) => median(results.map(pick));
        const longest = Math.max(...results.map((each) => each.longestMs));
        const received = `${of((each) => each.received)} of ${of((each) => each.sent)}`;
        return [
          name,
          received,
          of((each) => each.p50Ms),
          of((each) => each.p99Ms),
          longest,
          of((each) => each.nodePercent),
          of((each) => each.postgresPercent),
        ];
      }),
      notes: [
        'From the commit of the event until the receiver has read the request. CPU in percent of one core.',
      ],
    });
  } finally {
    for (const server of [good.server, other.server, dead]) {
      server.close();
      server.closeAllConnections();
    }
    await node.stop();
    await bench.close();
  }
};

type Measured = {
  sent: number;
  received: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  nodePercent: number;
  postgresPercent: number;
};

type GoodReceiver = { server: Server; receivedAt: Map<string, number> };

async function measure(
  bench: BenchInstallation,
  of: { accountId: string; good: GoodReceiver; nodePid: number; time: number },
): Promise<Measured> {
  const { receivedAt } = of.good;
  receivedAt.clear();
  const used = () => ({ node: cpuMsOf(of.nodePid), postgres: cpuMsOfChildren(bench.postmasterPid) });
  const before = used();
  const startedAt = performance.now();
  const committedAt = await sendEvents(bench, of.accountId, of.time);
  for (let waits = 0; receivedAt.size < committedAt.size && waits < 100; waits++) await sleep(50);
  const ms = performance.now() - startedAt;
  const after = used();
  const waits = [...receivedAt].map(([id, at]) => at - (committedAt.get(id) ?? Number.NaN));
  return {
    sent: committedAt.size,
    received: receivedAt.size,
    p50Ms: percentile(waits, 50),
    p99Ms: percentile(waits, 99),
    longestMs: Math.max(...waits),
    nodePercent: ((after.node - before.node) * 100) / ms,
    postgresPercent: ((after.postgres - before.postgres) * 100) / ms,
  };
}

/** One transaction for each event, at even distances; gives when each had committed. */
async function sendEvents(
  { ctx }: BenchInstallation,
  accountId: string,
  time: number,
): Promise<Map<string, number>> {
  const committedAt = new Map<string, number>();
  const count = Math.round((perMinute / 60) * time);
  const startedAt = performance.now();
  const sending: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const wait = startedAt + (n * time * 1000) / count - performance.now();
    if (wait > 1) await sleep(wait);
    const resourceId = `esm_${randomUUID()}`;
    const event = { accountId, type: 'esim.installed', resourceId, data: { n } } as const;
    sending.push(
      write(ctx(), {}, (tx) => emit(tx, event)).then(
        () => void committedAt.set(resourceId, performance.now()),
      ),
    );
  }
  await Promise.all(sending);
  return committedAt;
}

async function openGoodReceiver(): Promise<GoodReceiver> {
  const receivedAt = new Map<string, number>();
  const server = await listen(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    receivedAt.set(JSON.parse(Buffer.concat(parts).toString()).data.resourceId, performance.now());
    response.writeHead(204).end();
  });
  return { server, receivedAt };
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function addEndpoint({ ctx }: BenchInstallation, accountId: string, server: Server): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const input = { accountId, url, types: null, description: null, enabled: true };
  await write(ctx(), {}, (tx) => createEndpoint(tx, input));
}
