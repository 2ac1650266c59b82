// 100,000 eSIM profiles of one account walked by their next_page_url over HTTP: what the last pages cost beside the first.
import { writeSid } from '../src/api/supersim/wire/sid.ts';
import { query } from '../src/pg/query.ts';
import type { Bench } from './support/bench.ts';
import { type BenchInstallation, openBenchInstallation } from './support/installation.ts';
import { median } from './support/numbers.ts';
import { startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

/** Fewer while something is tried out. */
const profiles = Number(process.env['BENCH_SUPERSIM_PROFILES'] ?? 100_000);
const pagesAtEachEnd = 100;
/** Each has as many of the profiles; every eleventh profile is still to be downloaded. */
const eids = 10;
const eid = '89049032000000000000000000000000';

const lists = [
  { name: 'all', pageSize: 1_000, filter: '' },
  { name: 'all', pageSize: 50, filter: '' },
  { name: 'Status=installed', pageSize: 50, filter: '&Status=installed' },
  { name: 'Status=available', pageSize: 50, filter: '&Status=available' },
  { name: 'Status=failed (none)', pageSize: 50, filter: '&Status=failed' },
  { name: 'Eid', pageSize: 50, filter: `&Eid=${eid}` },
];

export const benchSupersimLists: Bench = async ({ runs, profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: 0 });
  const { id: accountId = '', apiKey = '' } = bench.accounts[0] ?? {};
  await fill(bench, accountId);
  const server = await startServer({ dataDir: bench.dataDir, apiOnly: true }, { profileDir });
  const client = {
    address: `http://127.0.0.1:${server.apiPort}/supersim/v1/ESimProfiles`,
    authorization: `Basic ${Buffer.from(`${writeSid('account', accountId)}:${apiKey}`).toString('base64')}`,
  };
  try {
    await walk(client, lists[0]);
    const rows = [];
    for (const list of lists) {
      const walks: Walk[] = [];
      for (let run = 0; run < runs; run++) walks.push(await walk(client, list));
      rows.push(rowOf(list, walks));
    }
    printResults(rows);
  } finally {
    await server.stop();
    await bench.close();
  }
};

type List = (typeof lists)[number];
type Client = { address: string; authorization: string };

/** Milliseconds of each page, and how many profiles came. */
type Walk = { pagesMs: number[]; found: number };

async function walk({ address, authorization }: Client, list = lists[0] as List): Promise<Walk> {
  const pagesMs: number[] = [];
  let found = 0;
  let url: string | null = `${address}?PageSize=${list.pageSize}${list.filter}`;
  while (url !== null) {
    const since = performance.now();
    const response: Response = await fetch(url, { headers: { authorization } });
    const page = (await response.json()) as Page;
    if (response.status !== 200) throw new Error(`${url}: ${JSON.stringify(page)}`);
    pagesMs.push(performance.now() - since);
    found += page.esim_profiles.length;
    url = page.meta.next_page_url;
  }
  if (list.filter === '' && found !== profiles) throw new Error(`${found} profiles were listed`);
  return { pagesMs, found };
}

type Page = { esim_profiles: unknown[]; meta: { next_page_url: string | null } };

function rowOf({ name, pageSize }: List, walks: readonly Walk[]) {
  const { found = 0, pagesMs: { length: pages } = [] } = walks[0] ?? {};
  const size = Math.min(pagesAtEachEnd, Math.max(1, Math.floor(pages / 3)));
  const middle = Math.floor((pages - size) / 2);
  const at = (from: number) => median(walks.map(({ pagesMs }) => median(pagesMs.slice(from, from + size))));
  const [first, mid, last] = [at(0), at(middle), at(pages - size)];
  const total = median(walks.map(({ pagesMs }) => pagesMs.reduce((sum, each) => sum + each, 0)));
  return [name, pageSize, found, pages, first, mid, last, last / first, total / 1000];
}

function printResults(rows: (string | number)[][]): void {
  printTable({
    title: `Lists of the Super SIM door, ${profiles.toLocaleString('en')} eSIM profiles of one account`,
    head: [
      'list',
      'PageSize',
      'profiles',
      'pages',
      'first ms',
      'middle ms',
      'last ms',
      'last ÷ first',
      'whole list s',
    ],
    rows,
    notes: [
      `First, middle and last: the median page of ${pagesAtEachEnd} pages there, or of a third of the list where it has fewer than 300.`,
    ],
  });
}

/** eSIMs with their lines, as fulfilment and devices would have left them. */
async function fill(bench: BenchInstallation, accountId: string): Promise<void> {
  const { db } = bench.ctx();
  await query(db, insertEsims, [accountId, profiles, eid.slice(0, -1), eids]);
  await query(db, insertSims, [accountId]);
  await bench.analyse();
}

const insertEsims = `
  insert into esims.esims (id, account_id, order_id, iccid, eid, state, smdp_address, install_token, created_at, updated_at)
  select 'esm_' || number, $1, 'ord_' || number, '8988' || lpad(n::text, 15, '0'), $3 || (n % $4::integer),
    case when n % 11 = 0 then 'available' else 'installed' end, 'rsp.example.com', number, now(), now()
  from (select n, lpad(to_hex(n), 32, '0') as number from generate_series(1, $2::integer) as n) as numbered`;

const insertSims = `
  insert into sims.sims (id, account_id, esim_id, iccid, imsi, status, core, created_at, updated_at)
  select 'sim_' || substr(id, 5), account_id, id, iccid, '99970' || right(iccid, 10), 'ready', 'simulated', created_at, updated_at
  from esims.esims where account_id = $1`;
