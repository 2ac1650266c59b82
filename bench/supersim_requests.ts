// The requests of the Super SIM door against what /v1 needs for the same: an order, one eSIM, a page of them.
import { writeSid } from '../src/api/supersim/index.ts';
import { esimColumns } from '../src/modules/esims/esim_row.ts';
import { listEsims } from '../src/modules/esims/index.ts';
import { placeOrder } from '../src/modules/orders/index.ts';
import type { Bench } from './support/bench.ts';
import { type BenchAccount, type BenchInstallation, openBenchInstallation } from './support/installation.ts';
import { mediansOf, spread } from './support/numbers.ts';
import { writeRequest } from './support/raw_http.ts';
import { type LoadProcess, startBareRoute, startLoad, startServer, withCost } from './support/start.ts';
import { printTable } from './support/table.ts';

const accounts = 100;
const esims = 100;
const pageSize = 50;
const warmUpSeconds = 2;
/** What both order. */
const product = 'esim_profile';
/** An address of the public internet, which nobody calls here: so no name server is measured. */
const callbackUrl = 'https://9.9.9.9/callbacks';

export const benchSupersimRequests: Bench = async ({ runs, seconds, profileDir }) => {
  const bench = await openBenchInstallation({ accounts, stock: 2 * esims });
  const { esimId, accountId } = await makeEsims(bench);
  const server = await startServer({ dataDir: bench.dataDir, apiOnly: true }, { profileDir });
  const bare = await startBareRoute({
    kind: 'read row',
    connectionString: bench.installation.database.connectionString,
    statement: `select ${esimColumns} from esims.esims where id = $1 and account_id = $2`,
    values: [esimId, accountId],
  });
  const load = startLoad();
  const at = { port: server.apiPort, pid: server.pid };
  const callers = await signIn(bench.accounts, server.apiPort);
  const tables = [
    ...readTables(callers, { esimId, at, bare: { port: bare.apiPort, pid: bare.pid } }),
    ...orderTables(callers, at),
  ];
  try {
    for (const { title, targets, clients } of tables) {
      for (const target of targets) await measure(load, bench, target, { clients, seconds: warmUpSeconds });
      await bench.analyse();
      const runsOf = new Map<Target, Measured[]>(targets.map((target) => [target, []]));
      for (let run = 0; run < runs; run++)
        for (const [target, results] of runsOf)
          results.push(await measure(load, bench, target, { clients, seconds }));
      printTargets(`${title}, ${clients} client${clients === 1 ? '' : 's'}`, runsOf);
    }
  } finally {
    for (const each of [load, bare, server]) await each.stop();
    await bench.close();
  }
};

type At = { port: number; pid: number };
type Target = At & { name: string; requests: string[]; status: number };
/** The first target is what the others are compared with. */
type Table = { title: string; clients: number; targets: Target[] };
type Measured = { perSecond: number; p50Ms: number; p99Ms: number; serverUs: number; postgresUs: number };

/** The eSIMs of the first account, made by the whole platform, which is stopped again. */
async function makeEsims(bench: BenchInstallation): Promise<{ esimId: string; accountId: string }> {
  const { id: accountId = '' } = bench.accounts[0] ?? {};
  const platform = await startServer({ dataDir: bench.dataDir });
  for (let number = 0; number < esims; number++)
    await placeOrder(bench.ctx(), { accountId, currency: 'EUR', lines: [{ product, quantity: 1 }] });
  await bench.settle();
  await platform.stop();
  const [esim] = await listEsims(bench.ctx(), { accountId, limit: 1 });
  return { esimId: esim?.id ?? '', accountId };
}

/** The header by which an account is known, in each of the ways. */
type Caller = { apiKey: string; basic: string; token: string };

function signIn(of: readonly BenchAccount[], port: number): Promise<Caller[]> {
  return Promise.all(
    of.map(async ({ id, apiKey }) => {
      const pair = Buffer.from(`${writeSid('account', id)}:${apiKey}`).toString('base64');
      const response = await fetch(`http://127.0.0.1:${port}/v2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${pair}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token } = (await response.json()) as { access_token: string };
      return { apiKey: `Bearer ${apiKey}`, basic: `Basic ${pair}`, token: `Bearer ${access_token}` };
    }),
  );
}

function readTables(
  [caller]: readonly Caller[],
  { esimId, at, bare }: { esimId: string; at: At; bare: At },
): Table[] {
  if (!caller) throw new Error('there is no account');
  const get = (name: string, path: string, authorization = '', where = at): Target => ({
    ...where,
    name,
    requests: [writeRequest({ method: 'GET', path, host, headers: `Authorization: ${authorization}\r\n` })],
    status: 200,
  });
  const profile = `/supersim/v1/ESimProfiles/${writeSid('esimProfile', esimId)}`;
  const profiles = `/supersim/v1/ESimProfiles?PageSize=${pageSize}`;
  const one = [
    get('bare fastify route, one query', '/v1/orders/any', '', bare),
    get('GET /v1/esims/{id}', `/v1/esims/${esimId}`, caller.apiKey),
    get('GET ESimProfiles/{Sid}, Basic', profile, caller.basic),
    get('same, access token', profile, caller.token),
  ];
  const page = [
    get('GET /v1/esims', `/v1/esims?limit=${pageSize}`, caller.apiKey),
    get('GET ESimProfiles, Basic', profiles, caller.basic),
    get('same, access token', profiles, caller.token),
  ];
  return [
    { title: 'One eSIM', clients: 32, targets: one },
    { title: `A page of ${pageSize} eSIMs`, clients: 8, targets: page },
  ];
}

function orderTables(callers: readonly Caller[], at: At): Table[] {
  // The first account has the eSIMs that are read.
  const buyers = callers.slice(1);
  const post = (
    name: string,
    by: keyof Caller,
    request: { path: string; body: string; bodyType?: string },
  ) => ({
    ...at,
    name,
    requests: buyers.map((buyer) =>
      writeRequest({ method: 'POST', host, headers: `Authorization: ${buyer[by]}\r\n`, ...request }),
    ),
    status: 201,
  });
  const v1 = { path: '/v1/orders', body: JSON.stringify({ lines: [{ product, quantity: 1 }] }) };
  const form = (fields: Record<string, string>) => ({
    path: '/supersim/v1/ESimProfiles',
    body: new URLSearchParams(fields).toString(),
    bodyType: 'application/x-www-form-urlencoded',
  });
  const plain = form({ GenerateMatchingId: 'true' });
  const calling = form({ GenerateMatchingId: 'true', CallbackUrl: callbackUrl });
  const targets = [
    post('POST /v1/orders', 'apiKey', v1),
    post('POST ESimProfiles, Basic', 'basic', plain),
    post('same, access token', 'token', plain),
    post('with CallbackUrl, Basic', 'basic', calling),
    post('same, access token', 'token', calling),
  ];
  return [1, 32].map((clients) => ({ title: 'An order for one eSIM profile', clients, targets }));
}

const host = 'localhost';

async function measure(
  load: LoadProcess,
  { postmasterPid }: BenchInstallation,
  { port, pid, requests, status }: Target,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Measured> {
  const { perSecond, p50Ms, p99Ms, serverUs, postgresUs } = await withCost(
    { serverPid: pid, postmasterPid },
    () => load.ask({ port, clients, seconds, requests, status }),
  );
  return { perSecond, p50Ms, p99Ms, serverUs, postgresUs };
}

function printTargets(title: string, runsOf: Map<Target, Measured[]>): void {
  const [firstRuns = []] = runsOf.values();
  const first = mediansOf(firstRuns);
  printTable({
    title,
    head: ['', 'per second (min–max)', 'of first', 'p50 ms', 'p99 ms', 'server CPU µs', 'PostgreSQL CPU µs'],
    rows: [...runsOf].map(([{ name }, results]) => {
      const { perSecond, p50Ms, p99Ms, serverUs, postgresUs } = mediansOf(results);
      const rates = spread(results.map((each) => each.perSecond));
      return [name, rates, perSecond / first.perSecond, p50Ms, p99Ms, serverUs, postgresUs];
    }),
  });
}
