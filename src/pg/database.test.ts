import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkServerVersion, openDatabase } from './database.ts';
import { namedStatementsMax, statementName } from './prepared_dialect.ts';
import { query } from './query.ts';
import { testDatabase, testServer, withDatabase } from './test_database.ts';

const database = await testDatabase({ poolSize: 1 });
const db = database.kysely;

type Prepared = { name: string; plans: bigint };
const preparedFor = (text: string) =>
  query<Prepared>(
    db,
    'select name, generic_plans + custom_plans as plans from pg_prepared_statements where statement = $1',
    [text],
  );

test('a statement is prepared once on a connection, however often and by whichever way it runs', async () => {
  const text = 'select $1::int + 1 as sum';
  for (let i = 0; i < 3; i++) assert.deepEqual(await query(db, text, [i]), [{ sum: i + 1 }]);
  await sql`select ${4}::int + 1 as sum`.execute(db);
  await db.transaction().execute((tx) => query(tx, text, [9]));
  assert.deepEqual(await preparedFor(text), [{ name: statementName(text), plans: 5n }]);
});

test('a statement built with Kysely is prepared too', async () => {
  const select = db.selectFrom('overair.migrations').select('file').where('number', '=', 1);
  for (let i = 0; i < 2; i++) assert.equal((await select.executeTakeFirst())?.file, '000001_overair.sql');
  assert.equal((await preparedFor(select.compile().sql))[0]?.plans, 2n);
});

const values: [expression: string, value: unknown][] = [
  ['9223372036854775807::int8', 9223372036854775807n],
  ['array[1, null]::int8[]', [1n, null]],
  ['count(*)', 1n],
  ['7::int4', 7],
  ['1.50::numeric', '1.50'],
  ["date '2026-03-29'", '2026-03-29'],
  ["timestamptz '2026-03-29 01:30:00.123+02'", new Date('2026-03-28T23:30:00.123Z')],
  ["'\\x0102'::bytea", Buffer.of(1, 2)],
  [`'{"a": [1]}'::jsonb`, { a: [1] }],
  ["'18446744073709551615'::xid8", '18446744073709551615'],
  ["array['a', 'b']", ['a', 'b']],
  ['null::int8', null],
];
for (const [expression, value] of values)
  test(`${expression} arrives as it is stored`, async () => {
    const { rows } = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(db);
    assert.deepEqual(rows, [{ value }]);
  });

test('bigint, dates and bytes are bound as they are, alone and in arrays', async () => {
  const now = new Date();
  const text = 'select $1::int8 as a, $2::timestamptz as b, $3::bytea as c, $4::int8[] as d, $5::jsonb as e';
  const bound = [2n ** 62n, now, Uint8Array.of(7), [1n, 2n], JSON.stringify([1, 'x'])];
  assert.deepEqual(await query(db, text, bound), [
    { a: 2n ** 62n, b: now, c: Buffer.of(7), d: [1n, 2n], e: [1, 'x'] },
  ]);
});

test('only the relaxed pool acknowledges before the disk does', async () => {
  const setting = `select current_setting('synchronous_commit') as value`;
  assert.deepEqual(await query(db, setting), [{ value: 'on' }]);
  assert.deepEqual(await query(database.relaxed, setting), [{ value: 'off' }]);
});

test('a transaction that does nothing is ended by the server after 30 seconds', async () => {
  const setting = `select current_setting('idle_in_transaction_session_timeout') as value`;
  assert.deepEqual(await query(db, setting), [{ value: '30s' }]);
});

test('how many rows a statement changed is told', async () => {
  await sql`create table changed (a int)`.execute(db);
  const { numAffectedRows } = await sql`insert into changed select generate_series(1, 3)`.execute(db);
  assert.equal(numAffectedRows, 3n);
});

test('after an error in a transaction the connection works on', async () => {
  const failing = db.transaction().execute((tx) => query(tx, 'select 1 / 0'));
  await assert.rejects(failing, { code: '22012' });
  assert.deepEqual(await query(db, 'select 1 as one'), [{ one: 1 }]);
});

test('a server older than PostgreSQL 15 is refused by name', () => {
  assert.throws(
    () => checkServerVersion({ number: 140_011, name: '14.11' }),
    /PostgreSQL 14\.11.*15 or newer/,
  );
  checkServerVersion({ number: 150_000, name: '15.0' });
});

test('a database that cannot be reached, or is not there, is an unavailable error', async () => {
  await assert.rejects(openDatabase({ connectionString: 'postgresql://x:y@127.0.0.1:1/z' }), {
    code: 'unavailable',
    retryAfterSeconds: 5,
  });
  const missing = withDatabase(await testServer(), 'not_there');
  await assert.rejects(openDatabase({ connectionString: missing }), { code: 'unavailable' });
});

test('beyond the limit of different texts a statement runs without a name', async () => {
  for (let i = 0; i <= namedStatementsMax; i++) statementName(`select ${i}`);
  assert.equal(statementName('select one more'), undefined);
  assert.deepEqual(await query(db, 'select 5 as five'), [{ five: 5 }]);
});
