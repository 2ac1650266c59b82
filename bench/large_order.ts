// One order for 10,000 eSIMs: until its archive of QR codes is complete, and what that takes of the server's memory.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './support/bench.ts';
import { openBenchInstallation, product } from './support/installation.ts';
import { median } from './support/numbers.ts';
import { forgetMemoryPeak, memoryOf } from './support/process_usage.ts';
import { startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const quantity = 10_000;
const pollMs = 50;

export const benchLargeOrder: Bench = async ({ runs, profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: quantity * runs + 5_000 });
  const results: Measured[] = [];
  try {
    // A fresh server for each run: the memory of an earlier one would hide what this one takes.
    for (let run = 0; run < runs; run++) {
      const server = await startServer({ dataDir: bench.dataDir }, { profileDir });
      const { apiKey = '' } = bench.accounts[0] ?? {};
      results.push(
        await orderAndFetch({ base: `http://127.0.0.1:${server.apiPort}/v1`, apiKey, pid: server.pid }),
      );
      await server.stop();
    }
    const of = (name: keyof Measured) => median(results.map((result) => result[name]));
    printTable({
      title: `An order for ${quantity.toLocaleString('en')} eSIMs`,
      head: [
        'accepted ms',
        'fulfilled s',
        'first byte of the ZIP ms',
        'ZIP s',
        'all s',
        'ZIP MB',
        'memory above idle MB',
      ],
      rows: [
        [
          of('acceptedMs'),
          of('fulfilledS'),
          of('firstByteMs'),
          of('zipS'),
          of('allS'),
          of('zipMb'),
          of('peakMb'),
        ],
      ],
    });
  } finally {
    await bench.close();
  }
};

type Measured = {
  acceptedMs: number;
  fulfilledS: number;
  firstByteMs: number;
  zipS: number;
  allS: number;
  zipMb: number;
  peakMb: number;
};

type Shop = { base: string; apiKey: string; pid: number };

async function orderAndFetch({ base, apiKey, pid }: Shop): Promise<Measured> {
  const headers = { authorization: `Bearer ${apiKey}` };
  await (await fetch(`${base}/account`, { headers })).text();
  forgetMemoryPeak(pid);
  const idleMb = memoryOf(pid).residentMb;
  const since = performance.now();
  const elapsed = () => performance.now() - since;
  const placed = await fetch(`${base}/orders`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ lines: [{ product, quantity }] }),
  });
  const { id } = (await placed.json()) as { id: string };
  const acceptedMs = elapsed();
  await waitUntilCompleted(`${base}/orders/${id}`, headers);
  const fulfilledMs = elapsed();
  const zip = await fetch(`${base}/orders/${id}/qr-codes.zip`, { headers });
  let firstByteMs = 0;
  let bytes = 0;
  for await (const chunk of zip.body ?? []) {
    firstByteMs ||= elapsed() - fulfilledMs;
    bytes += chunk.length;
  }
  return {
    acceptedMs,
    fulfilledS: fulfilledMs / 1000,
    firstByteMs,
    zipS: (elapsed() - fulfilledMs) / 1000,
    allS: elapsed() / 1000,
    zipMb: bytes / 1e6,
    peakMb: memoryOf(pid).peakMb - idleMb,
  };
}

async function waitUntilCompleted(url: string, headers: Record<string, string>): Promise<void> {
  for (;;) {
    const { status } = (await (await fetch(url, { headers })).json()) as { status: string };
    if (status === 'completed') return;
    if (status === 'failed') throw new Error('the order failed');
    await sleep(pollMs);
  }
}
