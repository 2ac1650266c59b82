// Clients that tell usage while the server is killed, and repeat what was not answered: each record may count once only.
import { setTimeout as sleep } from 'node:timers/promises';

type Batch = { records: { id: string; bytes: number; sim: string }[]; answered: boolean };

export type UsageLoad = {
  /** Orders the lines that will use data; gives the order's id and how many they are. */
  prepare(baseUrl: string): Promise<[orderId: string, quantity: number]>;
  run(baseUrl: string, stopped: AbortSignal): Promise<void>;
  repeatUnanswered(baseUrl: string): Promise<void>;
  /** Of all records, by the ICCID of the line. */
  sentBytes(): Map<string, number>;
  sentRecords(): number;
};

const lines = 20;
const recordsPerBatch = 50;

export function createUsageLoad(of: { apiKey: string; random: () => number }): UsageLoad {
  const batches: Batch[] = [];
  const iccids: string[] = [];
  const headers = { authorization: `Bearer ${of.apiKey}`, 'content-type': 'application/json' };

  async function send(baseUrl: string, batch: Batch): Promise<boolean> {
    const at = new Date().toISOString();
    const records = batch.records.map(({ id, bytes, sim }) => ({
      id,
      sim,
      kind: 'data',
      at,
      bytesUp: 0,
      bytesDown: bytes,
      country: 'NL',
    }));
    try {
      const response = await fetch(`${baseUrl}/usage`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ records }),
      });
      await response.arrayBuffer();
      batch.answered = response.status === 200;
      return batch.answered;
    } catch {
      return false;
    }
  }

  return {
    async prepare(baseUrl) {
      const body = JSON.stringify({ lines: [{ product: 'esim_20GB_30D_NL_V2', quantity: lines }] });
      const order = await json(await fetch(`${baseUrl}/orders`, { method: 'POST', headers, body }));
      for (let tries = 0; iccids.length < lines && tries < 200; tries++) {
        await sleep(50);
        const { data } = await json(await fetch(`${baseUrl}/orders/${order.id}/esims`, { headers }));
        iccids.splice(0, iccids.length, ...data.map((esim: { iccid: string }) => esim.iccid));
      }
      return [order.id, lines];
    },
    async run(baseUrl, stopped) {
      while (!stopped.aborted) {
        const batch: Batch = {
          answered: false,
          records: Array.from({ length: recordsPerBatch }, (_, place) => ({
            id: `u${batches.length}-${place}`,
            bytes: 1 + Math.floor(of.random() * 1_000),
            sim: iccids[Math.floor(of.random() * iccids.length)] ?? '',
          })),
        };
        batches.push(batch);
        if (!(await send(baseUrl, batch))) return;
        // Now and then a batch that was answered comes again.
        if (of.random() < 0.1) await send(baseUrl, batch);
        await sleep(of.random() * 40);
      }
    },
    async repeatUnanswered(baseUrl) {
      for (const batch of batches)
        if (!batch.answered && !(await send(baseUrl, batch)))
          throw new Error('usage that was repeated to a living server was not taken');
    },
    sentBytes() {
      const sums = new Map<string, number>();
      for (const { sim, bytes } of batches.flatMap((batch) => batch.records))
        sums.set(sim, (sums.get(sim) ?? 0) + bytes);
      return sums;
    },
    sentRecords: () => batches.reduce((sum, batch) => sum + batch.records.length, 0),
  };
}

async function json(response: Response): Promise<any> {
  if (!response.ok) throw new Error(`answered with ${response.status} ${await response.text()}`);
  return await response.json();
}
