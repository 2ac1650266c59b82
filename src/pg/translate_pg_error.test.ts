import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';
import { isRetryable, translatePgError, violatedConstraint } from './translate_pg_error.ts';

const database = await testDatabase();
await query(
  database.kysely,
  'create table public.parents (id int primary key, name varchar(3) not null, age int check (age > 0))',
);
await query(database.kysely, 'create table public.children (parent int references public.parents)');
await query(database.kysely, `insert into public.parents values (1, 'one', 1)`);

const cases: [text: string, code: string, internal: RegExp][] = [
  [`insert into public.parents values (1, 'two', 1)`, 'conflict', /23505 on public\.parents\.parents_pkey/],
  ['insert into public.children values (9)', 'conflict', /23503 on public\.children\.children_parent_fkey/],
  [
    `insert into public.parents values (2, 'two', 0)`,
    'invalid_request',
    /23514 on public\.parents\.parents_age_check/,
  ],
  ['insert into public.parents values (2, null, 1)', 'invalid_request', /23502 on public\.parents/],
  [`insert into public.parents values (2, 'three', 1)`, 'invalid_request', /22001/],
  ['select 99999999999::int', 'invalid_request', /22003/],
  ['select pg_terminate_backend(pg_backend_pid())', 'unavailable', /57P01|terminated/],
  [`do $$ begin raise exception 'x' using errcode = '53300'; end $$`, 'unavailable', /53300/],
];
for (const [text, code, internal] of cases)
  test(`${text} is ${code}, and only the log reads why`, async () => {
    const error = await query(database.kysely, text).then(() => undefined, translatePgError);
    assert.ok(error instanceof AppError);
    assert.equal(error.code, code);
    assert.match(error.internal ?? '', internal);
    assert.doesNotMatch(error.detail, /parents|children|\d{5}/);
  });

test('the constraint that was violated is known, also behind our own error', async () => {
  const error = await query(database.kysely, cases[0]?.[0] ?? '').catch((found: unknown) => found);
  assert.equal(violatedConstraint(error), 'parents_pkey');
  assert.equal(violatedConstraint(translatePgError(error)), 'parents_pkey');
  assert.equal(violatedConstraint(new Error('other')), undefined);
});

test('only what may work when simply done again is retryable', () => {
  const withState = (code: string) => Object.assign(new Error('x'), { code });
  assert.deepEqual(
    ['40001', '40P01', '23505', '57P01'].map((code) => isRetryable(withState(code))),
    [true, true, false, false],
  );
  assert.ok(isRetryable(translatePgError(withState('40001'))));
});

test('what is not from the database stays what it is', () => {
  for (const error of [
    new AppError('not_found'),
    new TypeError('x'),
    'text',
    Object.assign(new Error('x'), { code: 'EXTRA' }),
    Object.assign(new Error('x'), { code: 83006 }),
  ])
    assert.equal(translatePgError(error), error);
});
