// What a thousand clients that poll the state of their orders cost those who place orders, both through the Connect door.
import { setTimeout as sleep } from 'node:timers/promises';
import { writeUuid } from '../src/api/http/uuid_of_id.ts';
import { authenticateApiKey } from '../src/modules/accounts/index.ts';
import { placeOrder } from '../src/modules/orders/index.ts';
import type { Bench } from './support/bench.ts';
import type { LoadResult } from './support/http_load.ts';
import { type BenchInstallation, openBenchInstallation, product } from './support/installation.ts';
import { median } from './support/numbers.ts';
import { writeRequest } from './support/raw_http.ts';
import { startBareRoute, startLoad, startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const perSecond = 100;
const pollers = 1_000;
const warmUpSeconds = 20;
/** The pollers are connected and have each polled before the first order: a thousand new connections are another matter. */
const leadSeconds = 2;
/** Below that a p99 is a handful of orders. */
const secondsMin = 10;

/**
 * Each poller has a connection of its own and asks once a second for an order that is completed, which has the most to say.
 * Placing alone, with the pollers, and with pollers of a bare route in a process of its own take turns: the last is what the
 * machine has less for the server, whatever it answers, since the pollers live on it too.
 */
export const benchConnectPolling: Bench = async ({ runs, seconds: given, profileDir }) => {
  const seconds = Math.max(given, secondsMin);
  const stock = pollers + perSecond * (warmUpSeconds + 3 * seconds * runs) + 1_000;
  const bench = await openBenchInstallation({ accounts: 100, stock });
  const server = await startServer({ dataDir: bench.dataDir }, { profileDir });
  const bare = await startBareRoute({
    kind: 'read row',
    connectionString: bench.installation.database.connectionString,
    statement: 'select id, status from orders.orders where id = $1',
    values: ['ord_'],
  });
  const [placing, polling] = [startLoad(), startLoad()];
  try {
    const tokens = await signIn(bench, server.apiPort);
    const load = { port: server.apiPort, status: 200 };
    const place = (duration: number) =>
      placing.ask({ ...load, clients: 500, perSecond, seconds: duration, requests: orderRequests(tokens) });
    const placeLater = (duration: number) => sleep(1_000 * leadSeconds).then(() => place(duration));
    const polls = await pollRequests(bench, tokens);
    const bareRequest = writeRequest({ method: 'GET', path: '/v1/orders/any', host, headers: '' });
    const bareLoad = { port: bare.apiPort, status: 200, requests: [bareRequest] };
    const poll = (duration: number) =>
      polling.ask({ ...load, clients: pollers, everyMs: 1_000, seconds: duration, requests: polls });
    const pollBare = (duration: number) =>
      polling.ask({ ...bareLoad, clients: pollers, everyMs: 1_000, seconds: duration });
    await Promise.all([place(warmUpSeconds), poll(warmUpSeconds)]);
    await pollBare(warmUpSeconds);
    await bench.settle();
    await bench.analyse();
    const rounds: Round[] = [];
    for (let run = 0; run < runs; run++) {
      const alone = await place(seconds);
      await bench.settle();
      const [beside, polled] = await Promise.all([placeLater(seconds), poll(leadSeconds + seconds)]);
      await bench.settle();
      const [besideBare, polledBare] = await Promise.all([
        placeLater(seconds),
        pollBare(leadSeconds + seconds),
      ]);
      await bench.settle();
      rounds.push({ alone, beside, polled, besideBare, polledBare });
    }
    print(rounds);
  } finally {
    for (const each of [placing, polling, bare, server]) await each.stop();
    await bench.close();
  }
};

type Round = Record<'alone' | 'beside' | 'polled' | 'besideBare' | 'polledBare', LoadResult>;
type Signed = { accountId: string; token: string };

async function signIn({ accounts, ctx }: BenchInstallation, port: number): Promise<Signed[]> {
  return await Promise.all(
    accounts.map(async ({ id: accountId, apiKey }) => {
      const { apiKeyId } = await authenticateApiKey(ctx(), apiKey);
      const url = `http://127.0.0.1:${port}/auth/realms/tru-staff/protocol/openid-connect/token`;
      const form = { grant_type: 'client_credentials', client_id: apiKeyId, client_secret: apiKey };
      const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
      const { access_token: token } = (await response.json()) as { access_token: string };
      return { accountId, token };
    }),
  );
}

function orderRequests(signed: readonly Signed[]): string[] {
  const input = {
    operationType: 'NEW_ESIM',
    countryCode: 'NL',
    customer: { email: '' },
    device: { id: '123456789', model: 'Phone', type: 'android' },
    subscriptions: [{ product_id: product }],
  };
  return signed.map(({ token }) =>
    writeRequest({
      method: 'POST',
      path: '/connect-api/v1/order',
      host,
      headers: headersOf(token),
      body: JSON.stringify({ input }),
    }),
  );
}

/** One for an order of each poller, all completed. */
async function pollRequests(bench: BenchInstallation, signed: readonly Signed[]): Promise<string[]> {
  const lines = [{ product, quantity: 1 }];
  const orders = await Promise.all(
    Array.from({ length: pollers }, async (_, poller) => {
      const { accountId, token } = signed[poller % signed.length] as Signed;
      return { token, ...(await placeOrder(bench.ctx(), { accountId, currency: 'EUR', lines })) };
    }),
  );
  await bench.settle();
  return orders.map(({ id, token }) =>
    writeRequest({
      method: 'GET',
      path: `/connect-api/v1/order/${writeUuid(id)}`,
      host,
      headers: headersOf(token),
    }),
  );
}

const host = 'localhost';

function headersOf(token: string): string {
  return `Authorization: Bearer ${token}\r\nX-Correlation-ID: {n}\r\n`;
}

function print(rounds: readonly Round[]): void {
  const of = (who: keyof Round, what: 'perSecond' | 'p50Ms' | 'p99Ms') =>
    median(rounds.map((round) => round[who][what]));
  const row = (name: string, who: keyof Round, times: number | string = '') => [
    name,
    of(who, 'perSecond'),
    of(who, 'p50Ms'),
    of(who, 'p99Ms'),
    times,
  ];
  const ratio = (who: keyof Round) => median(rounds.map((round) => round[who].p99Ms / round.alone.p99Ms));
  printTable({
    title: `Orders through the Connect door at ${perSecond}/s, ${pollers} clients polling once a second`,
    head: ['', 'per second', 'p50 ms', 'p99 ms', 'p99 of alone'],
    rows: [
      row('placing alone', 'alone', 1),
      row('placing beside the pollers', 'beside', ratio('beside')),
      row('polling', 'polled'),
      row('placing beside pollers of a bare route', 'besideBare', ratio('besideBare')),
      row('polling a bare route, one query', 'polledBare'),
    ],
    notes: [
      `p99 of placing in each run, alone and beside: ${rounds.map(({ alone, beside }) => `${alone.p99Ms.toFixed(1)} and ${beside.p99Ms.toFixed(1)}`).join(', ')} ms.`,
    ],
  });
}
