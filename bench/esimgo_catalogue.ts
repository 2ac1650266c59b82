// A catalogue of 50,000 bundles read through the eSIM Go door: what its last pages cost beside its first, filtered and sorted.
import { type NewProduct, putProducts, travelBundles } from '../src/modules/catalogue/index.ts';
import type { Bench } from './support/bench.ts';
import { openBenchInstallation } from './support/installation.ts';
import { median } from './support/numbers.ts';
import { startServer } from './support/start.ts';
import { printTable } from './support/table.ts';

const bundles = Number(process.env['BENCH_ESIMGO_BUNDLES'] ?? 50_000);
const productsAtOnce = 10_000;
const pagesAtEachPlace = 50;

const lists = [
  { query: '', perPage: 50 },
  { query: '', perPage: 1_000 },
  { query: '&orderBy=price', perPage: 50 },
  { query: '&orderBy=price&direction=desc', perPage: 50 },
  { query: '&orderBy=description&group=Standard%20Fixed', perPage: 50 },
  { query: '&region=Europe&orderBy=dataAmount', perPage: 50 },
  { query: '&countries=FR,DE,ES,IT&orderBy=price', perPage: 10 },
  { query: '&description=*GB*30%20days*&orderBy=price', perPage: 50 },
];

export const benchEsimgoCatalogue: Bench = async ({ runs, profileDir }) => {
  const bench = await openBenchInstallation({ accounts: 1, stock: 0 });
  const all = manyBundles();
  for (let from = 0; from < all.length; from += productsAtOnce)
    await putProducts(bench.ctx(), all.slice(from, from + productsAtOnce));
  await bench.analyse();
  const server = await startServer({ dataDir: bench.dataDir, apiOnly: true }, { profileDir });
  const client = {
    address: `http://127.0.0.1:${server.apiPort}/v2.4/catalogue`,
    apiKey: bench.accounts[0]?.apiKey ?? '',
  };
  try {
    const loadMs = (await get(client, '?orderBy=name')).ms;
    const rows = [];
    for (const list of lists) rows.push(await measure(client, list, runs));
    printResults(rows, loadMs);
  } finally {
    await server.stop();
    await bench.close();
  }
};

type Client = { address: string; apiKey: string };
type List = (typeof lists)[number];

async function measure(client: Client, { query, perPage }: List, runs: number): Promise<(string | number)[]> {
  const at = (page: number) => get(client, `?page=${page}&perPage=${perPage}${query}`);
  const { ms: searchMs, page } = await at(1);
  const size = Math.max(1, Math.min(pagesAtEachPlace, Math.floor(page.pageCount / 3)));
  const starts = [1, Math.floor((page.pageCount - size) / 2) + 1, page.pageCount - size];
  const [first = [], middle = [], last = []] = starts.map((): number[] => []);
  // Rounds beyond those that warm the server up; the places in turn, so that none has a better time.
  for (let round = -1; round < runs; round++) {
    for (let step = 0; step < size; step++) {
      for (const [place, times] of [first, middle, last].entries()) {
        const { ms } = await at(Math.max(1, (starts[place] ?? 1) + step));
        if (round >= 0) times.push(ms);
      }
    }
  }
  const medians = [first, middle, last].map(median);
  const [firstMs = 0, , lastMs = 0] = medians;
  return [query || 'all', perPage, page.rows, page.pageCount, searchMs, ...medians, lastMs / firstMs];
}

type Page = { bundles: unknown[]; pageCount: number; rows: number };

async function get({ address, apiKey }: Client, search: string): Promise<{ ms: number; page: Page }> {
  const since = performance.now();
  const response = await fetch(address + search, { headers: { 'x-api-key': apiKey } });
  const page = (await response.json()) as Page;
  if (response.status !== 200) throw new Error(`${search}: ${JSON.stringify(page)}`);
  return { ms: performance.now() - since, page };
}

function printResults(rows: (string | number)[][], loadMs: number): void {
  printTable({
    title: `The catalogue of the eSIM Go door, ${bundles.toLocaleString('en')} bundles`,
    head: [
      'list',
      'perPage',
      'bundles',
      'pages',
      'first search ms',
      'first ms',
      'middle ms',
      'last ms',
      'last ÷ first',
    ],
    rows,
    notes: [
      `First, middle and last: the median page of ${pagesAtEachPlace} full ones there, or of a third of the list where it has fewer than 150.`,
      `The first request of all, which reads the catalogue from the database and indexes it: ${loadMs.toFixed(0)} ms.`,
    ],
  });
}

/** The travel bundles over and over, each time with other names and prices. */
function manyBundles(): NewProduct[] {
  const some = travelBundles().filter(({ kind }) => kind === 'bundle');
  return Array.from({ length: bundles }, (_, index) => {
    const round = Math.floor(index / some.length);
    const bundle = some[index % some.length] as NewProduct;
    const prices = Object.fromEntries(
      Object.entries(bundle.prices).map(([currency, minor]) => [currency, minor + BigInt(round)]),
    );
    return round === 0 ? bundle : { ...bundle, name: `${bundle.name}_${round}`, prices };
  });
}
