// From sending an order to its eSIM being committed as available, at 100 orders a second.
import { query } from '../src/pg/query.ts';
import type { Bench } from './support/bench.ts';
import type { SentRequest } from './support/http_load.ts';
import { type BenchInstallation, openBenchInstallation } from './support/installation.ts';
import { median, percentile } from './support/numbers.ts';
import { orderRequests } from './support/order_requests.ts';
import { startLoad, startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const perSecond = 100;
const warmUpSeconds = 3;

/** PostgreSQL notes when each transaction committed, so nobody has to poll: that is when others see the eSIM. */
export const benchOrderToAvailable: Bench = async ({ runs, seconds }) => {
  const time = seconds * 5;
  const bench = await openBenchInstallation({
    accounts: 100,
    stock: 2_000 + perSecond * (warmUpSeconds + time * runs),
    serverSettings: ['alter system set track_commit_timestamp = on'],
  });
  const server = await startServer({ dataDir: bench.dataDir });
  const load = startLoad();
  const requests = orderRequests(bench.accounts);
  const run = async (duration: number) => {
    const { sent } = await load.ask({
      port: server.apiPort,
      clients: 200,
      seconds: duration,
      requests,
      status: 201,
      perSecond,
    });
    await bench.settle();
    return await waitsOf(bench, sent);
  };
  try {
    await run(warmUpSeconds);
    await bench.analyse();
    const waits: number[][] = [];
    for (let count = 0; count < runs; count++) waits.push(await run(time));
    printTable({
      title: `Order to available, ${perSecond} orders/s`,
      head: ['orders', 'p50 ms', 'p99 ms', 'longest ms'],
      rows: [
        [
          waits.flat().length,
          median(waits.map((each) => percentile(each, 50))),
          median(waits.map((each) => percentile(each, 99))),
          Math.max(...waits.flat()),
        ],
      ],
      notes: [`p99 of each run: ${waits.map((each) => percentile(each, 99).toFixed(0)).join(', ')} ms.`],
    });
  } finally {
    await load.stop();
    await server.stop();
    await bench.close();
  }
};

async function waitsOf({ ctx }: BenchInstallation, sent: readonly SentRequest[]): Promise<number[]> {
  const rows = await query<{ key: string; at_ms: number }>(ctx().db, selectAvailable, [
    sent.map(({ n }) => n),
  ]);
  const availableAt = new Map(rows.map(({ key, at_ms }) => [key, Number(at_ms)]));
  return sent.map(({ n, atMs }) => (availableAt.get(n) ?? Number.NaN) - atMs);
}

const selectAvailable = `
  select o.idempotency_key as key,
    (extract(epoch from pg_xact_commit_timestamp(e.xmin)) * 1000)::float8 as at_ms
  from orders.orders o
  join esims.esims s on s.order_id = o.id
  join events.events e on e.resource_id = s.id and e.type = 'esim.available'
  where o.idempotency_key = any($1)`;
