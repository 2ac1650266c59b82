// Orders at module level and over HTTP, against PostgreSQL's own load generator with the same statement, one order each.
import { newId } from '../src/base/ids.ts';
import { placeOrder } from '../src/modules/orders/index.ts';
import type { Bench } from './support/bench.ts';
import { type BenchInstallation, openBenchInstallation, product } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { orderRequests } from './support/order_requests.ts';
import { addPgbenchWallets, singleOrderScript } from './support/order_statement.ts';
import { findPgbench, runPgbench } from './support/pgbench.ts';
import { startLoad, startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const clientCounts = [1, 8, 32];

export const benchOrdersWithoutNode: Bench = async ({ runs, seconds }) => {
  const program = findPgbench();
  if (!program)
    return console.log('\n### Orders against pgbench: SKIPPED, there is no pgbench in /usr/lib/postgresql');
  const bench = await openBenchInstallation({ accounts: 100, stock: 5_000 });
  const server = await startServer({ dataDir: bench.dataDir, apiOnly: true });
  const load = startLoad();
  await addPgbenchWallets(bench);
  const { connectionString } = bench.installation.database;
  const statement = await singleOrderScript(bench);
  const requests = orderRequests(bench.accounts);
  const ways: Record<string, (clients: number, seconds: number) => Promise<number>> = {
    pgbench: (clients, time) =>
      runPgbench({ program, connectionString, ...statement, clients, seconds: time }),
    module: (clients, time) => placeInLoop(bench, clients, time),
    HTTP: async (clients, time) =>
      (await load.ask({ port: server.apiPort, clients, seconds: time, requests, status: 201 })).perSecond,
  };
  try {
    for (const way of Object.values(ways)) await way(32, 2);
    await bench.analyse();
    const rows = [];
    for (const clients of clientCounts)
      rows.push([clients, ...(await compare(ways, { clients, runs, seconds }))]);
    printTable({
      title: 'Orders against pgbench with the same statement',
      head: ['clients', 'pgbench', 'module', 'of pgbench', 'HTTP', 'of pgbench'],
      rows,
    });
  } finally {
    await load.stop();
    await server.stop();
    await bench.close();
  }
};

async function compare(
  ways: Record<string, (clients: number, seconds: number) => Promise<number>>,
  { clients, runs, seconds }: { clients: number; runs: number; seconds: number },
): Promise<(string | number)[]> {
  const results: Record<string, number>[] = [];
  for (let run = 0; run < runs; run++) {
    const result: Record<string, number> = {};
    for (const [name, way] of Object.entries(ways)) result[name] = await way(clients, Math.ceil(seconds));
    results.push(result);
  }
  const { pgbench = 0, module = 0, HTTP = 0 } = mediansOf(results);
  const rates = (name: string) => spread(results.map((result) => result[name] ?? 0));
  return [rates('pgbench'), rates('module'), module / pgbench, rates('HTTP'), HTTP / pgbench];
}

/** Orders per second that this process places with so many callers at once. */
async function placeInLoop(bench: BenchInstallation, clients: number, seconds: number): Promise<number> {
  let placed = 0;
  const since = performance.now();
  const place = async () => {
    while (performance.now() - since < seconds * 1000) {
      const accountId = bench.accounts[placed++ % bench.accounts.length]?.id ?? '';
      const lines = [{ product, quantity: 1 }];
      const idempotencyKey = newId('request');
      await placeOrder(bench.ctx(), {
        accountId,
        currency: 'EUR',
        lines,
        idempotencyKey,
        reference: 'booking 4711',
      });
    }
  };
  await Promise.all(Array.from({ length: clients }, place));
  return (placed * 1000) / (performance.now() - since);
}
