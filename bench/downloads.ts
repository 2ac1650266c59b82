// Complete downloads: how many a second, how long each takes, and what the server pays beside the bare cryptography.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { placeOrder } from '../src/modules/orders/index.ts';
import { query } from '../src/pg/query.ts';
import { makeTestPki } from '../src/rsp/pki/make_test_pki.ts';
import type { BareDownloads } from './support/bare_download_crypto.ts';
import type { Bench } from './support/bench.ts';
import { type Child, startChild } from './support/child.ts';
import type { DownloadLoad, DownloadResult } from './support/download_load.ts';
import { type BenchInstallation, openBenchInstallation, product } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { cpuMsOf, cpuMsOfChildren } from './support/process_usage.ts';
import { type StartedServer, startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const ways = [
  { curve: 'P-256', name: 'keep-alive', clients: 4, connection: 'client' },
  { curve: 'P-256', name: 'keep-alive', clients: 16, connection: 'client' },
  { curve: 'P-256', name: 'new TLS connection each download', clients: 4, connection: 'download' },
  { curve: 'P-256', name: 'new TLS connection each call', clients: 4, connection: 'call' },
  { curve: 'brainpoolP256r1', name: 'keep-alive', clients: 4, connection: 'client' },
  { curve: 'brainpoolP256r1', name: 'new TLS connection each call', clients: 4, connection: 'call' },
] as const;
const downloadsPerSecondMax = 250;
const bareDownloads = 1_000;

export const benchDownloads: Bench = async ({ runs, seconds, nodes, profileDir }) => {
  const count = Math.ceil(downloadsPerSecondMax * seconds);
  const wanted = count * (ways.length * runs + 1) * nodes.length;
  const bench = await openBenchInstallation({ accounts: 1, stock: wanted + 2_000 });
  await makePki(bench);
  const load = startChild<DownloadLoad, DownloadResult>('download_load.ts');
  const candidates: Candidate[] = [];
  try {
    for (const node of nodes) candidates.push(await startCandidate(bench, node, profileDir));
    const matchingIds = await orderProfiles(bench, wanted);
    const measure = ({ server }: Candidate, way: Way) =>
      measureDownloads(bench, server, load, { ...way, matchingIds: matchingIds.splice(0, count) });
    for (const candidate of candidates) {
      await measure(candidate, ways[0]);
      await candidate.bare.ask({ count: bareDownloads, curve: 'P-256' });
    }
    await bench.analyse();
    for (let run = 0; run < runs; run++) {
      for (const way of ways) {
        for (const candidate of candidates) {
          const bareUs = await candidate.bare.ask({ count: bareDownloads, curve: way.curve });
          const results = candidate.results.get(way) ?? [];
          candidate.results.set(way, [...results, { ...(await measure(candidate, way)), bareUs }]);
        }
      }
    }
    printTable({
      title: 'Complete downloads over TLS (its own certificate: P-256)',
      head,
      rows: candidates.flatMap(writeRows),
    });
  } finally {
    for (const { server, bare } of candidates) await Promise.all([server.stop(), bare.stop()]);
    await load.stop();
    await bench.close();
  }
};

const head = [
  'Node',
  'RSP curve',
  'connections',
  'clients',
  'per second (min–max)',
  'p50 ms',
  'p99 ms',
  'server CPU µs',
  'bare cryptography µs',
  'bare of server',
  'PostgreSQL CPU µs',
];

type Way = (typeof ways)[number];

type Load = Child<DownloadLoad, DownloadResult>;

/** A Node binary: the platform and the bare cryptography on it, and what was measured. */
type Candidate = {
  version: string;
  server: StartedServer;
  bare: Child<BareDownloads, number>;
  results: Map<Way, Measured[]>;
};

/** A test PKI of both curves, as a server has one whose eUICCs come from everywhere. */
async function makePki({ dataDir }: BenchInstallation): Promise<void> {
  for (const curve of ['P-256', 'brainpoolP256r1'] as const)
    for (const [path, bytes] of makeTestPki({ smdpAddress: 'localhost', now: new Date(), curve })) {
      await mkdir(dirname(join(dataDir, 'pki', path)), { recursive: true });
      await writeFile(join(dataDir, 'pki', path), bytes);
    }
}

/** All candidates serve the same installation, as nodes of it, so that they can be measured in turn. */
async function startCandidate(
  { dataDir }: BenchInstallation,
  node: string,
  profileDir: string | undefined,
): Promise<Candidate> {
  const server = await startServer({ dataDir }, { node, profileDir });
  const bare = startChild<BareDownloads, number>('bare_download_crypto.ts', { node });
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { version, server, bare, results: new Map() };
}

type Measured = DownloadResult & { serverUs: number; postgresUs: number; bareUs: number };

async function orderProfiles(bench: BenchInstallation, count: number): Promise<string[]> {
  const accountId = bench.accounts[0]?.id ?? '';
  for (let missing = count; missing > 0; missing -= 10_000) {
    const lines = [{ product, quantity: Math.min(missing, 10_000) }];
    await placeOrder(bench.ctx(), { accountId, currency: 'EUR', lines });
  }
  await bench.settle();
  const rows = await query<{ matching_id: string }>(
    bench.ctx().db,
    "select matching_id from smdp.profiles where state = 'released'",
  );
  return rows.map((row) => row.matching_id);
}

async function measureDownloads(
  bench: BenchInstallation,
  server: StartedServer,
  load: Load,
  { matchingIds, clients, curve, connection }: Omit<DownloadLoad, 'smdp'>,
): Promise<Omit<Measured, 'bareUs'>> {
  const smdp = { port: server.es9Port, address: server.smdpAddress, pkiDir: server.pkiDir };
  const usedMs = () => ({ server: cpuMsOf(server.pid), postgres: cpuMsOfChildren(bench.postmasterPid) });
  const before = usedMs();
  const result = await load.ask({ smdp, matchingIds, clients, curve, connection });
  const after = usedMs();
  return {
    ...result,
    serverUs: ((after.server - before.server) * 1000) / matchingIds.length,
    postgresUs: ((after.postgres - before.postgres) * 1000) / matchingIds.length,
  };
}

function writeRows({ version, results }: Candidate): (string | number)[][] {
  return [...results].map(([way, runs]) => {
    const { p50Ms, p99Ms, serverUs, bareUs, postgresUs } = mediansOf(runs);
    const rates = spread(runs.map((run) => run.perSecond));
    const costs = [serverUs, bareUs, bareUs / serverUs, postgresUs];
    return [version, way.curve, way.name, way.clients, rates, p50Ms, p99Ms, ...costs];
  });
}
