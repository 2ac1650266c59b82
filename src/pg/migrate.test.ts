import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { silentLog } from '../base/log.ts';
import { migrate, migrationsFolder, readMigrations } from './migrate.ts';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';

const first = {
  file: '000001_first.sql',
  text: 'create table public.first (a int); create table public.also (a int);',
};
const second = { file: '000002_second.sql', text: 'insert into public.first values (1);' };

test('all files run once, in order, and the job tables are there', async (t) => {
  const { database, run } = await setUp(t, [second, first]);
  assert.deepEqual(await run(), [first.file, second.file]);
  assert.deepEqual(await run(), []);
  assert.deepEqual(await query(database.kysely, 'select a from public.first'), [{ a: 1 }]);
  assert.equal((await query(database.kysely, 'select from graphile_worker.jobs')).length, 0);
});

test('a file added later runs later, also when its number is in between', async (t) => {
  const { run, put } = await setUp(t, [first, { file: '000005_fifth.sql', text: 'select 1' }]);
  await run();
  put(second);
  assert.deepEqual(await run(), [second.file]);
});

test('two that start at once run each file once', async (t) => {
  const { database, run } = await setUp(t, [first, second]);
  const ran = await Promise.all([run(), run(), run()]);
  assert.deepEqual(ran.flat(), [first.file, second.file]);
  assert.equal((await query(database.kysely, 'select from public.first')).length, 1);
});

test('a file that was changed after it ran is refused by name', async (t) => {
  const { run, put } = await setUp(t, [first, second]);
  await run();
  put({ ...first, text: `${first.text} ` });
  await assert.rejects(run(), { code: 'unavailable', detail: /000001_first\.sql was changed after it ran/ });
});

test('a file that ran and is gone is refused by name', async (t) => {
  const { run, remove } = await setUp(t, [first, second]);
  await run();
  remove(first.file);
  await assert.rejects(run(), {
    code: 'unavailable',
    detail: /000001_first\.sql, which is not in this checkout/,
  });
});

test('a database that is newer than the code is refused', async (t) => {
  const { run, remove } = await setUp(t, [first, second]);
  await run();
  remove(second.file);
  await assert.rejects(run(), { code: 'unavailable', detail: /by a newer Overair \(000002_second\.sql\)/ });
});

test('two files with one number are refused', async (t) => {
  const { run } = await setUp(t, [first, { file: '000001_other.sql', text: '' }]);
  await assert.rejects(run(), { detail: /same number/ });
});

test('nothing of a file that fails is kept, and it runs again when it is right', async (t) => {
  const { database, run, put } = await setUp(t, [first, { ...second, text: `${second.text} select 1 / 0;` }]);
  await assert.rejects(run(), { detail: /000002_second\.sql failed/, internal: /division by zero/ });
  assert.equal((await query(database.kysely, 'select from public.first')).length, 0);
  put(second);
  assert.deepEqual(await run(), [second.file]);
});

test('a name without a schema is an error, whoever runs the migration', async (t) => {
  const { run } = await setUp(t, [{ file: '000001_bare.sql', text: 'create table bare (a int)' }]);
  await assert.rejects(run(), { internal: /no schema has been selected/ });
});

test('the migrations of this project are numbered without a gap', async () => {
  const numbers = (await readMigrations(migrationsFolder)).map(({ number }) => number);
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, index) => index + 1),
  );
});

type File = { file: string; text: string };

async function setUp(t: TestContext, files: File[]) {
  const directory = mkdtempSync(join(tmpdir(), 'overair-migrate-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const database = await testDatabase({ empty: true });
  const put = ({ file, text }: File) => writeFileSync(join(directory, file), text);
  files.forEach(put);
  return {
    database,
    put,
    remove: (file: string) => unlinkSync(join(directory, file)),
    run: () => migrate(database, { log: silentLog, folder: pathToFileURL(`${directory}/`) }),
  };
}
