// Orders fulfilled per second by one process, and what of its CPU time goes where.

import { openSubscription, type StockProfile } from '../src/modules/inventory/index.ts';
import { fulfilOrders, placeOrder } from '../src/modules/orders/index.ts';
import { query } from '../src/pg/query.ts';
import { protectProfile } from '../src/rsp/es8/protect_profile.ts';
import { buildProfilePackage } from '../src/rsp/profile/build_profile_package.ts';
import type { Bench } from './support/bench.ts';
import { type BenchInstallation, openBenchInstallation, product } from './support/installation.ts';
import { mediansOf } from './support/numbers.ts';
import { cpuMsOfChildren } from './support/process_usage.ts';
import { printTable } from './support/table.ts';

const orders = 5_000;
const warmUpOrders = 1_000;
const smdpAddress = 'smdp.example.com';

export const benchFulfilment: Bench = async ({ runs }) => {
  const bench = await openBenchInstallation({ accounts: 100, stock: 2_000 + warmUpOrders + orders * runs });
  try {
    await placeAndFulfil(bench, warmUpOrders);
    await bench.analyse();
    const results: Record<string, number>[] = [];
    for (let run = 0; run < runs; run++)
      results.push({ ...(await placeAndFulfil(bench, orders)), ...(await packageCosts(bench)) });
    const cost = mediansOf(results);
    const { nodeUs = 0, personaliseUs = 0, protectUs = 0 } = cost;
    printTable({
      title: 'Orders fulfilled, one process',
      head: [
        'per second',
        'Node CPU µs',
        'of it personalising',
        'protecting',
        'SQL client and rest',
        'PostgreSQL CPU µs',
      ],
      rows: [
        [
          cost['perSecond'] ?? 0,
          nodeUs,
          personaliseUs,
          protectUs,
          nodeUs - personaliseUs - protectUs,
          cost['postgresUs'] ?? 0,
        ],
      ],
      notes: [`A package has ${cost['packageBytes']} bytes before protection.`],
    });
  } finally {
    await bench.close();
  }
};

async function placeAndFulfil(bench: BenchInstallation, count: number): Promise<Record<string, number>> {
  await Promise.all(Array.from({ length: count }, (_, index) => place(bench, index)));
  const before = { cpu: process.cpuUsage(), postgresMs: cpuMsOfChildren(bench.postmasterPid) };
  const since = performance.now();
  while ((await fulfilOrders(bench.ctx(), { smdpAddress })) > 0);
  const seconds = (performance.now() - since) / 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  const postgresMs = cpuMsOfChildren(bench.postmasterPid) - before.postgresMs;
  return {
    perSecond: count / seconds,
    nodeUs: (user + system) / count,
    postgresUs: (postgresMs * 1000) / count,
  };
}

function place(bench: BenchInstallation, index: number): Promise<unknown> {
  const accountId = bench.accounts[index % bench.accounts.length]?.id ?? '';
  return placeOrder(bench.ctx(), { accountId, currency: 'EUR', lines: [{ product, quantity: 1 }] });
}

/** The same two steps alone, on SIM profiles of the same stock. */
async function packageCosts({ ctx }: BenchInstallation): Promise<Record<string, number>> {
  const context = ctx();
  const stock = await query<StockProfile>(
    context.db,
    'select iccid, imsi, msisdn, secrets from inventory.sim_profiles limit 1000',
  );
  let before = process.cpuUsage();
  const packages = stock.map((each) => buildProfilePackage(openSubscription(context, each)));
  const personalising = process.cpuUsage(before);
  before = process.cpuUsage();
  for (const each of packages) protectProfile(each);
  const protecting = process.cpuUsage(before);
  return {
    personaliseUs: (personalising.user + personalising.system) / stock.length,
    protectUs: (protecting.user + protecting.system) / stock.length,
    packageBytes: packages[0]?.length ?? 0,
  };
}
