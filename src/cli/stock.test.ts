import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openShop, product } from '../api/v1/test_shop.ts';
import { csvLines } from '../modules/inventory/imports/test_stock_file.ts';
import { workOnImports } from '../modules/inventory/index.ts';
import { runClaimLoop } from '../pg/claim.ts';
import { testDatabase } from '../pg/test_database.ts';
import { stockCommand } from './stock.ts';

const shop = await openShop(await testDatabase());
await shop.app.listen({ host: '127.0.0.1', port: 0 });
const loop = runClaimLoop({
  name: 'test',
  claimAndWork: () => workOnImports(shop.ctx),
  idleMs: 20,
  log: shop.core.log,
});
const folder = await mkdtemp(join(tmpdir(), 'overair-stock-'));
after(async () => {
  await loop.stop();
  await shop.app.close();
  await rm(folder, { recursive: true });
});
const { port } = shop.app.server.address() as AddressInfo;
const door = ['--api', `http://127.0.0.1:${port}/v1`, '--key', shop.secret, '--type', product.profileType];

async function run(...args: string[]) {
  const said: string[] = [];
  const noted: string[] = [];
  let failed = false;
  await stockCommand(args, {
    out: (text) => said.push(text),
    note: (text) => noted.push(text),
    fail: () => {
      failed = true;
    },
    env: { OVERAIR_DATA_DIR: folder },
  });
  return { said: said.join('\n'), noted, failed };
}

async function fileOf(name: string, lines: Iterable<string>): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, [...lines].join('\n'));
  return path;
}

test('a file is imported, and what became of it is said', async () => {
  const path = await fileOf('good.csv', csvLines({ seed: 1, cards: 1_500 }));
  const dry = await run('import', path, ...door, '--dry-run');
  assert.match(dry.said, /^completed: 1500 of 1500 lines are good, 0 rejected, in [\d.]+ s\.$/);
  const { said, failed } = await run('import', path, ...door);
  assert.match(said, /^completed: 1500 of 1500 SIM profiles added, 0 rejected, in [\d.]+ s\.$/);
  assert.equal(failed, false);
});

test('rejected lines are named, and the command fails', async () => {
  const path = await fileOf('bad.csv', [...csvLines({ seed: 2, cards: 3 }), ...Array(30).fill('x')]);
  const { said, failed } = await run('import', path, ...door);
  const lines = said.split('\n');
  assert.match(lines[0]!, /^completed: 3 of 33 SIM profiles added, 30 rejected/);
  assert.equal(lines[1], '  line 5,iccid,give 19 or 20 digits');
  assert.equal(lines.length, 22);
  assert.match(lines[21]!, /^All faults: GET \/v1\/stock\/imports\/imp_/);
  assert.equal(failed, true);
});

test('with --json the import and its first faults are one document', async () => {
  const path = await fileOf('json.csv', [...csvLines({ seed: 3, cards: 1 }), 'x']);
  const { said, noted, failed } = await run('import', path, ...door, '--json', '--all-or-nothing');
  const { status, added, firstFaults } = JSON.parse(said);
  assert.deepEqual([status, added, firstFaults.length, noted, failed], ['failed', 0, 4, [], true]);
});

test('what the server refuses is said with its fields', async () => {
  const path = await fileOf('head.csv', ['a,b', '1,2']);
  await assert.rejects(run('import', path, ...door), /line 1: name a column iccid/);
  await assert.rejects(run('import', join(folder, 'none'), ...door), /There is no file/);
  await assert.rejects(run('import', path, ...door, '--transport-key', 'none'), /no transport key named/);
});

test('without a file or a type it says how it is used, and fails', async () => {
  for (const args of [['import'], ['import', 'x'], ['export', 'x']]) {
    const { said, failed } = await run(...args);
    assert.match(said, /^overair stock import FILE/);
    assert.equal(failed, true);
  }
});
