// `npm run bench`: measures, prints tables, and never fails for being slow. `-- --only orders,downloads --runs 5 --seconds 2`.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench } from './support/bench.ts';

const benches: Record<string, () => Promise<Bench>> = {
  downloads: async () => (await import('./downloads.ts')).benchDownloads,
  orders: async () => (await import('./orders.ts')).benchOrders,
  'orders-without-node': async () => (await import('./orders_without_node.ts')).benchOrdersWithoutNode,
  fulfilment: async () => (await import('./fulfilment.ts')).benchFulfilment,
  'order-to-available': async () => (await import('./order_to_available.ts')).benchOrderToAvailable,
  status: async () => (await import('./status.ts')).benchStatus,
  'qr-codes': async () => (await import('./qr_codes.ts')).benchQrCodes,
  usage: async () => (await import('./usage.ts')).benchUsage,
  webhooks: async () => (await import('./webhooks.ts')).benchWebhooks,
  'supersim-requests': async () => (await import('./supersim_requests.ts')).benchSupersimRequests,
  'supersim-lists': async () => (await import('./supersim_lists.ts')).benchSupersimLists,
  'connect-polling': async () => (await import('./connect_polling.ts')).benchConnectPolling,
  'esimgo-catalogue': async () => (await import('./esimgo_catalogue.ts')).benchEsimgoCatalogue,
  'esimgo-zip': async () => (await import('./esimgo_zip.ts')).benchEsimgoZip,
  'stock-import': async () => (await import('./stock_import.ts')).benchStockImport,
  'large-order': async () => (await import('./large_order.ts')).benchLargeOrder,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(benches).join(',') },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    'cpu-prof-dir': { type: 'string' },
  },
});

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
console.log(
  `${new Date().toISOString()}, commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`,
);

for (const name of values.only.split(',')) {
  const load = benches[name];
  if (!load) throw new Error(`there is no benchmark ${name}, only ${Object.keys(benches).join(', ')}`);
  const bench = await load();
  await bench({
    runs: Number(values.runs),
    seconds: Number(values.seconds),
    nodes: values.node,
    profileDir: values['cpu-prof-dir'],
  });
}
