// GET /v1/orders/{id} against a bare route that answers with the same row of one prepared query.
import { getOrder, placeOrder } from '../src/modules/orders/index.ts';
import { orderColumns } from '../src/modules/orders/order_row.ts';
import type { Bench } from './support/bench.ts';
import { openBenchInstallation, product } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { writeRequest } from './support/raw_http.ts';
import { startBareRoute, startLoad, startServer, withCost } from './support/start.ts';
import { printTable } from './support/table.ts';

const clients = 32;

export const benchStatus: Bench = async ({ runs, seconds, profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: 2_000 });
  const server = await startServer({ dataDir: bench.dataDir }, { profileDir });
  const load = startLoad();
  const { id: accountId = '', apiKey = '' } = bench.accounts[0] ?? {};
  const { id } = await placeOrder(bench.ctx(), {
    accountId,
    currency: 'EUR',
    lines: [{ product, quantity: 1 }],
  });
  await bench.settle();
  await bench.analyse();
  await getOrder(bench.ctx(), { accountId, id });
  const bare = await startBareRoute({
    kind: 'read row',
    connectionString: bench.installation.database.connectionString,
    statement: `select ${orderColumns} from orders.orders where id = $1 and account_id = $2`,
    values: [id, accountId],
  });
  const headers = `Authorization: Bearer ${apiKey}\r\n`;
  const requests = [writeRequest({ method: 'GET', path: `/v1/orders/${id}`, host: 'localhost', headers })];
  const measure = ({ apiPort, pid }: { apiPort: number; pid: number }, time = seconds) =>
    withCost({ serverPid: pid, postmasterPid: bench.postmasterPid }, () =>
      load.ask({ port: apiPort, clients, seconds: time, requests, status: 200 }),
    );
  try {
    const results = { bare: [await measure(bare, 1)], ours: [await measure(server, 1)] };
    for (let run = 0; run < runs; run++) {
      results.bare.push(await measure(bare));
      results.ours.push(await measure(server));
    }
    printResults(results);
  } finally {
    for (const each of [load, bare, server]) await each.stop();
    await bench.close();
  }
};

type Measured = { perSecond: number; p50Ms: number; p99Ms: number; serverUs: number; postgresUs: number };

function printResults(results: { bare: Measured[]; ours: Measured[] }): void {
  const [bare, ours] = [results.bare.slice(1), results.ours.slice(1)];
  const bareRate = mediansOf(bare.map(({ perSecond }) => ({ perSecond }))).perSecond;
  const row = (name: string, runs: Measured[]) => {
    const { perSecond, p50Ms, p99Ms, serverUs, postgresUs } = mediansOf(runs.map(numbersOf));
    const rates = spread(runs.map((each) => each.perSecond));
    return [name, rates, perSecond / bareRate, p50Ms, p99Ms, serverUs, postgresUs];
  };
  printTable({
    title: `Status of an order, ${clients} clients`,
    head: ['', 'per second (min–max)', 'of bare', 'p50 ms', 'p99 ms', 'server CPU µs', 'PostgreSQL CPU µs'],
    rows: [row('bare fastify route, one query', bare), row('GET /v1/orders/{id}', ours)],
  });
}

function numbersOf({ perSecond, p50Ms, p99Ms, serverUs, postgresUs }: Measured): Measured {
  return { perSecond, p50Ms, p99Ms, serverUs, postgresUs };
}
