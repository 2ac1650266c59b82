// 100,000 SIM profiles from a file over HTTP, keys enciphered: until all are in stock, and what that takes of the server's memory.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  csvLines,
  outputFileLines,
  partsOfFile,
  type StockFileOptions,
} from '../src/modules/inventory/imports/test_stock_file.ts';
import { openKey } from '../src/modules/inventory/transport_keys/transport_key.ts';
import type { Bench } from './support/bench.ts';
import { openBenchInstallation, product } from './support/installation.ts';
import { median } from './support/numbers.ts';
import { cpuMsOf, cpuMsOfChildren, forgetMemoryPeak, memoryOf } from './support/process_usage.ts';
import { startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const cards = 100_000;
const pollMs = 50;
const orderEveryMs = 200;
const keyHex = '404142434445464748494a4b4c4d4e4f';
const transportKey = openKey('aes-ecb', Buffer.from(keyHex, 'hex'));

const forms: readonly Form[] = [
  { name: 'CSV', query: 'layout=csv', lines: csvLines },
  { name: 'output file', query: 'layout=output_file', lines: outputFileLines },
  { name: 'CSV, dry run', query: 'layout=csv&dryRun=true', lines: csvLines },
  { name: 'CSV, all or nothing', query: 'layout=csv&allOrNothing=true', lines: csvLines },
];

type Form = { name: string; query: string; lines: (options: StockFileOptions) => Generator<string> };

export const benchStockImport: Bench = async ({ runs, profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: 5_000 });
  const rows: (string | number)[][] = [];
  let seed = 1;
  try {
    for (const form of forms) {
      const results: Measured[] = [];
      for (let run = 0; run < runs; run++) {
        // A fresh server for each run: the memory of an earlier one would hide what this one takes.
        const server = await startServer({ dataDir: bench.dataDir }, { profileDir });
        const { apiKey = '' } = bench.accounts[0] ?? {};
        const shop = { base: `http://127.0.0.1:${server.apiPort}/v1`, apiKey, pid: server.pid };
        const postgres = () => cpuMsOfChildren(bench.postmasterPid);
        results.push(await importFile(shop, form, seed++, { profileType: bench.profileType.name, postgres }));
        await server.stop();
      }
      const of = (name: keyof Measured) => median(results.map((result) => result[name]));
      rows.push([
        form.name,
        of('receivedS'),
        of('allS'),
        of('serverUs'),
        of('postgresUs'),
        of('orderMs'),
        of('peakMb'),
      ]);
    }
  } finally {
    await bench.close();
  }
  printTable({
    title: `A file of ${cards.toLocaleString('en')} SIM profiles`,
    head: [
      'form',
      'received s',
      'all s',
      'server CPU µs a line',
      'PostgreSQL CPU µs a line',
      'slowest order meanwhile ms',
      'memory above idle MB',
    ],
    rows,
  });
};

type Measured = {
  receivedS: number;
  allS: number;
  serverUs: number;
  postgresUs: number;
  orderMs: number;
  peakMb: number;
};

type Shop = { base: string; apiKey: string; pid: number };

async function importFile(
  { base, apiKey, pid }: Shop,
  { query, lines }: Form,
  seed: number,
  { profileType, postgres }: { profileType: string; postgres: () => number },
): Promise<Measured> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const json = { ...headers, 'content-type': 'application/json' };
  await fetch(`${base}/transport-keys/bench`, {
    method: 'PUT',
    headers: json,
    body: JSON.stringify({ algorithm: 'aes-ecb', key: keyHex }),
  });
  // What the file is made of costs this process, not the server.
  const parts = [...partsOfFile(lines({ seed, cards, transportKey }))];
  forgetMemoryPeak(pid);
  const idleMb = memoryOf(pid).residentMb;
  const before = { server: cpuMsOf(pid), postgres: postgres() };
  const since = performance.now();
  const sent = await fetch(`${base}/stock/imports?profileType=${profileType}&transportKey=bench&${query}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(parts)) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const { id } = (await sent.json()) as { id: string };
  const receivedS = (performance.now() - since) / 1000;
  const meanwhile = { stop: false };
  const orders = orderMeanwhile(base, json, meanwhile);
  await waitUntilCompleted(`${base}/stock/imports/${id}`, headers);
  const allS = (performance.now() - since) / 1000;
  const used = { server: cpuMsOf(pid) - before.server, postgres: postgres() - before.postgres };
  const { peakMb } = memoryOf(pid);
  meanwhile.stop = true;
  return {
    receivedS,
    allS,
    serverUs: (used.server * 1000) / cards,
    postgresUs: (used.postgres * 1000) / cards,
    orderMs: Math.max(...(await orders)),
    peakMb: peakMb - idleMb,
  };
}

/** One order after the other; how long each took until it was completed. */
async function orderMeanwhile(
  base: string,
  headers: Record<string, string>,
  meanwhile: { stop: boolean },
): Promise<number[]> {
  const took: number[] = [];
  while (!meanwhile.stop) {
    const since = performance.now();
    const body = JSON.stringify({ lines: [{ product, quantity: 1 }] });
    const placed = await fetch(`${base}/orders`, { method: 'POST', headers, body });
    const { id } = (await placed.json()) as { id: string };
    await waitUntilCompleted(`${base}/orders/${id}`, headers);
    took.push(performance.now() - since);
    await sleep(orderEveryMs);
  }
  return took;
}

async function waitUntilCompleted(url: string, headers: Record<string, string>): Promise<void> {
  for (;;) {
    const { status } = (await (await fetch(url, { headers })).json()) as { status: string };
    if (status === 'completed') return;
    if (status === 'failed') throw new Error(`${url} failed`);
    await sleep(pollMs);
  }
}
