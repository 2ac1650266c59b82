import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';

const [one, other] = [await testDatabase(), await testDatabase()];

test('each test database is migrated, and nothing done in one is seen in another', async () => {
  const add = `insert into overair.idempotency_keys (account_id, operation, key, input_hash) values ('a', 'o', 'k', $1)`;
  await query(one.kysely, add, [Buffer.alloc(32)]);
  const keys = 'select from overair.idempotency_keys';
  assert.equal((await query(one.kysely, keys)).length, 1);
  assert.equal((await query(other.kysely, keys)).length, 0);
});

test('all are cloned from one template, which is made once for these migrations', async () => {
  const templates = `select from pg_database where datname like 'overair_template_%' and datistemplate`;
  assert.equal((await query(one.kysely, templates)).length, 1);
});
