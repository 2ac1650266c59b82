// Usage records counted per second by one process, and what a record costs with few and with a million bundles stored.
import { newId } from '../src/base/ids.ts';
import { assignBundles } from '../src/modules/bundles/index.ts';
import { getProduct } from '../src/modules/catalogue/index.ts';
import { createSims, type Sim } from '../src/modules/sims/index.ts';
import { type NewUsageRecord, recordUsage } from '../src/modules/usage/index.ts';
import type { Ctx } from '../src/pg/ctx.ts';
import { query } from '../src/pg/query.ts';
import { write } from '../src/pg/write.ts';
import type { Bench } from './support/bench.ts';
import { type BenchInstallation, openBenchInstallation, product } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { cpuMsOfChildren } from './support/process_usage.ts';
import { printTable } from './support/table.ts';

/** Fewer while something is tried out. */
const records = Number(process.env['BENCH_USAGE_RECORDS'] ?? 1_000_000);
const bundlesStored = records;
const batchRecords = 1_000;
const lines = 10_000;
const fewLines = 100;
const callers = 4;

/** Two installations that differ in the bundles stored, measured in turns: the machine drifts more than they differ. */
export const benchUsage: Bench = async ({ runs }) => {
  const small = await openBenchInstallation({ accounts: 1, stock: 0 });
  const large = await openBenchInstallation({ accounts: 1, stock: 0 });
  try {
    const fewLinesOfSmall = await addLines(small, fewLines);
    const fewLinesOfLarge = await addLines(large, fewLines);
    const rest = await addLines(large, lines - fewLines);
    await fillBundles(large);
    const costs = { few: [] as Cost[], many: [] as Cost[], all: [] as Cost[] };
    for (let run = -1; run < runs; run++) {
      const few = await count(small, fewLinesOfSmall, records / 20);
      const many = await count(large, fewLinesOfLarge, records / 20);
      // The first round warms both up.
      if (run < 0) continue;
      costs.few.push(few);
      costs.many.push(many);
    }
    costs.all = [await count(large, [...fewLinesOfLarge, ...rest], records)];
    printResults(costs);
  } finally {
    await small.close();
    await large.close();
  }
};

type Cost = { perSecond: number; nodeUs: number; postgresUs: number };

async function count(bench: BenchInstallation, sims: readonly Sim[], total: number): Promise<Cost> {
  const before = { cpu: process.cpuUsage(), postgresMs: cpuMsOfChildren(bench.postmasterPid) };
  const since = performance.now();
  let sent = 0;
  const send = async () => {
    while (sent < total) {
      const from = sent;
      sent += batchRecords;
      const batch = Array.from({ length: batchRecords }, (_, index) => newRecord(sims, from + index));
      await recordUsage(bench.ctx(), { accountId: sims[0]?.accountId ?? '', source: 'api', records: batch });
    }
  };
  await Promise.all(Array.from({ length: callers }, send));
  const seconds = (performance.now() - since) / 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  const postgresMs = cpuMsOfChildren(bench.postmasterPid) - before.postgresMs;
  return {
    perSecond: sent / seconds,
    nodeUs: (user + system) / sent,
    postgresUs: (postgresMs * 1000) / sent,
  };
}

let lastId = 0;
const dayMs = 86_400_000;
let clockMs = Date.now() - 2 * dayMs;

/** The lines take turns, and the clock goes on by ten seconds each time through, so that no record is late. */
function newRecord(sims: readonly Sim[], index: number): NewUsageRecord {
  if (index % sims.length === 0) clockMs += 10_000;
  return {
    id: `record-${++lastId}`,
    sim: sims[index % sims.length]?.iccid ?? '',
    kind: 'data',
    at: new Date(clockMs),
    bytesUp: 100n,
    bytesDown: 900n,
    units: 0n,
    mcc: '204',
    mnc: '08',
    country: null,
  };
}

let lastLine = 0;

/** Lines with a bundle each, bought three days ago. */
async function addLines({ ctx, accounts }: BenchInstallation, count: number): Promise<Sim[]> {
  const before = { ...ctx(), now: new Date(Date.now() - 3 * dayMs) };
  const accountId = accounts[0]?.id ?? '';
  const bought = await getProduct(before, product);
  return await write(before, {}, async (tx) => {
    const sims = await createSims(
      tx,
      Array.from({ length: count }, () => newLine(accountId, ++lastLine)),
    );
    const bundle = { accountId, product: bought, requestId: tx.requestId, paid: null, activatesAt: null };
    await assignBundles(
      tx,
      sims.map(({ esimId }) => ({ ...bundle, esimId, orderId: newId('order') })),
    );
    return sims;
  });
}

function newLine(accountId: string, number: number): Parameters<typeof createSims>[1][number] {
  const digits = String(number).padStart(9, '0');
  const names = { iccid: `8931440400${digits}`, imsi: `204080${digits}`, msisdn: null };
  return { accountId, esimId: newId('esim'), ...names, core: 'simulated', status: 'ready' };
}

/** Copies the bundles there are, each for an eSIM of its own, until as many are stored as shall be. */
async function fillBundles(bench: BenchInstallation): Promise<void> {
  await write(bench.ctx(), {}, async (tx) => {
    await query(tx.db, 'create temporary table copies (like bundles.bundles) on commit drop');
    for (let stored = lines, round = 1; stored < bundlesStored; stored += lines, round++)
      await copyBundles(tx, round);
  });
  // As autovacuum would have done by the time there are as many.
  await query(bench.ctx().db, 'vacuum analyze bundles.bundles');
}

async function copyBundles(tx: Ctx, round: number): Promise<void> {
  await query(tx.db, 'truncate copies');
  await query(tx.db, 'insert into copies select * from bundles.bundles order by assigned_at, id limit $1', [
    lines,
  ]);
  await query(tx.db, "update copies set id = id || '-' || $1::text, esim_id = esim_id || '-' || $1::text", [
    round,
  ]);
  await query(tx.db, 'insert into bundles.bundles select * from copies');
}

function printResults({ few, many, all }: Record<'few' | 'many' | 'all', Cost[]>): void {
  const row = (name: string, runs: readonly Cost[]) => {
    const { nodeUs, postgresUs } = mediansOf(runs);
    return [name, spread(runs.map((run) => run.perSecond)), nodeUs, postgresUs];
  };
  printTable({
    title: `Usage records in batches of ${batchRecords}, ${callers} callers, one process`,
    head: ['', 'per second (min–max)', 'Node CPU µs', 'PostgreSQL CPU µs'],
    rows: [
      row(`${fewLines} lines, ${fewLines} bundles stored`, few),
      row(`${fewLines} lines, ${bundlesStored.toLocaleString('en')} bundles stored`, many),
      row(`${lines.toLocaleString('en')} lines, ${records.toLocaleString('en')} records`, all),
    ],
  });
}
