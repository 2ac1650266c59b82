// One order for 10,000 eSIMs through the eSIM Go door: what its archive takes of the server's memory, and whether every picture decodes.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Bench } from './support/bench.ts';
import { openBenchInstallation, product } from './support/installation.ts';
import { forgetMemoryPeak, memoryOf } from './support/process_usage.ts';
import { startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const quantity = Number(process.env['BENCH_ESIMGO_ESIMS'] ?? 10_000);
const picturesAtOnce = 500;

export const benchEsimgoZip: Bench = async ({ profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: quantity + 1_000 });
  const server = await startServer({ dataDir: bench.dataDir }, { profileDir });
  try {
    const base = `http://127.0.0.1:${server.apiPort}/v2.4`;
    const headers = { 'x-api-key': bench.accounts[0]?.apiKey ?? '' };
    await (await fetch(`${base}/organisation`, { headers })).text();
    forgetMemoryPeak(server.pid);
    const idleMb = memoryOf(server.pid).residentMb;
    const since = performance.now();
    const seconds = () => (performance.now() - since) / 1000;
    const reference = await order(base, headers);
    const zip = await fetchZip(`${base}/esims/assignments?reference=${reference}`, headers);
    const allS = seconds();
    const aboveIdleMb = memoryOf(server.pid).peakMb - idleMb;
    const decoded = await countDecoded(zip);
    printTable({
      title: `An order for ${quantity.toLocaleString('en')} eSIMs through the eSIM Go door`,
      head: ['all s', 'ZIP MB', 'memory above idle MB', 'pictures', 'decoded as their codes'],
      rows: [[allS, zip.length / 1e6, aboveIdleMb, decoded.pictures, decoded.right]],
    });
  } finally {
    await server.stop();
    await bench.close();
  }
};

async function order(base: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${base}/orders`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'transaction', assign: true, order: [{ quantity, item: product }] }),
  });
  const { orderReference, message } = (await response.json()) as {
    orderReference?: string;
    message?: string;
  };
  if (orderReference === undefined) throw new Error(`the order was refused: ${message}`);
  return orderReference;
}

/** As the vendor says: 503 with Retry-After until it is there. */
async function fetchZip(url: string, headers: Record<string, string>): Promise<Buffer> {
  for (;;) {
    const response = await fetch(url, { headers: { ...headers, accept: 'application/zip' } });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    await response.text();
    if (response.status !== 503) throw new Error(`the ZIP was answered with ${response.status}`);
    await sleep(250);
  }
}

/** Every picture is read by zbarimg and compared with the list in the same archive. */
async function countDecoded(zip: Uint8Array): Promise<{ pictures: number; right: number | string }> {
  const files = unzipSync(zip);
  const codes = new Map(
    Buffer.from(files['assignments.csv'] ?? [])
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([iccid, matchingId, address]) => [`${iccid}.png`, `LPA:1$${address}$${matchingId}`]),
  );
  const dir = await mkdtemp(join(tmpdir(), 'overair-pictures-'));
  try {
    let right = 0;
    const names = Object.keys(files).filter((name) => name.endsWith('.png'));
    for (let from = 0; from < names.length; from += picturesAtOnce) {
      const some = names.slice(from, from + picturesAtOnce);
      for (const name of some) await writeFile(join(dir, name), files[name] ?? new Uint8Array());
      const lines = await decode(some.map((name) => join(dir, name)));
      right += some.filter((name, index) => lines[index] === codes.get(name)).length;
    }
    return { pictures: names.length, right };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { pictures: codes.size, right: 'no zbarimg: apt-get install zbar-tools' };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function decode(paths: readonly string[]): Promise<string[]> {
  const options = ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', ...paths];
  const { stdout } = await promisify(execFile)('zbarimg', options, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim().split('\n');
}
