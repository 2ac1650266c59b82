import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { type EsimFilter, listEsims } from './list_esims.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const [accountId, eid] = ['acc_many', '89049032000001000000000000000074'];

/** eSIM n of the account: one in 2,000 has failed, one in 3,000 has this EID, 500 cards are the newest. */
const rowsTotal = 12_000;
const insertMany = `
  insert into esims.esims (id, account_id, origin, order_id, iccid, eid, state, smdp_address, install_token, created_at, updated_at)
  select 'esm_' || lpad(n::text, 32, '0'), case when n % 7 = 0 then 'acc_other' else $1 end,
    case when n > $2::integer - 500 then 'card' else 'ordered' end, case when n <= $2::integer - 500 then 'ord_1' end, n::text,
    case when n % 3000 = 1 then $3 end,
    case when n > $2::integer - 500 then 'installed' when n % 2000 = 1 then 'failed' when n % 3 = 0 then 'installed' else 'available' end,
    '', n::text, now(), now()
  from generate_series(1, $2::integer) as n`;
await query(ctx.db, insertMany, [accountId, rowsTotal, eid]);
await query(ctx.db, 'analyze esims.esims');

const numbers = (from: (n: number) => boolean) =>
  Array.from({ length: rowsTotal }, (_, index) => rowsTotal - index).filter((n) => n % 7 !== 0 && from(n));
const isCard = (n: number) => n > rowsTotal - 500;
const isFailed = (n: number) => !isCard(n) && n % 2000 === 1;
const idOf = (n: number | undefined) => `esm_${String(n).padStart(32, '0')}`;
const list = async (filter: Omit<EsimFilter, 'accountId'>) =>
  (await listEsims(ctx, { accountId, ...filter })).map(({ id }) => Number(id.slice(4)));

/** What a page gives, and how many rows of the table were read for it. */
async function listCounted(filter: Omit<EsimFilter, 'accountId'>): Promise<{ found: number; read: number }> {
  return await write(ctx, {}, async (tx) => {
    const before = await rowsRead(tx);
    const found = (await listEsims(tx, { accountId, ...filter })).length;
    return { found, read: (await rowsRead(tx)) - before };
  });
}

async function rowsRead(tx: Ctx): Promise<number> {
  const [row] = await query<{ read: bigint }>(
    tx.db,
    "select idx_tup_fetch + seq_tup_read as read from pg_stat_xact_user_tables where relid = 'esims.esims'::regclass",
  );
  return Number(row?.read);
}

const cases: [name: string, filter: Omit<EsimFilter, 'accountId'>, holds: (n: number) => boolean][] = [
  ['all', {}, () => true],
  ['all but cards', { noCards: true }, (n) => !isCard(n)],
  ['those in one state', { state: 'failed' }, isFailed],
  [
    'those in several states',
    { states: ['available', 'failed'] },
    (n) => !isCard(n) && (n % 3 !== 0 || isFailed(n)),
  ],
  ['those of an EID', { eid }, (n) => n % 3000 === 1],
  ['those of an EID in a state', { eid, states: ['failed'] }, (n) => n % 3000 === 1 && isFailed(n)],
  ['none of no state', { states: [] }, () => false],
];
for (const [name, filter, holds] of cases) {
  test(`a list of ${name} is newest first, and goes on in both directions`, async () => {
    const all = numbers(holds);
    const limit = 40;
    assert.deepEqual(await list({ ...filter, limit }), all.slice(0, limit));
    const middle = Math.floor(all.length / 2);
    const place = idOf(all[middle]);
    assert.deepEqual(
      await list({ ...filter, limit, before: place }),
      all.slice(middle + 1, middle + 1 + limit),
    );
    assert.deepEqual(
      await list({ ...filter, limit, after: place }),
      all.slice(Math.max(0, middle - limit), middle),
    );
  });
}

test('a page reads about as many rows as it gives, of each state, also of a rare one, wherever it begins', async () => {
  const deep = idOf(4_000);
  for (const filter of [
    { limit: 50 },
    { limit: 50, before: deep },
    { limit: 50, after: deep },
    { limit: 50, state: 'failed' },
    { limit: 50, states: ['failed', 'deleted'] },
    { limit: 50, states: ['available', 'failed'], before: deep },
    { limit: 50, noCards: true, states: ['available', 'failed'], after: deep },
    { limit: 50, noCards: true, before: deep },
    { limit: 50, eid },
  ] as const) {
    // The plan is made for these values at first, and for any values from the sixth time on.
    for (let times = 0; times < 7; times++) {
      const { found, read } = await listCounted(filter);
      const readMax = found * ('states' in filter ? filter.states.length : 1) + 10;
      assert.ok(found > 0 && read <= readMax, `${JSON.stringify(filter)}: ${found} found, ${read} read`);
    }
  }
});

test('a page is never larger than the largest one', async () => {
  assert.equal((await list({ limit: 5_000 })).length, 1_001);
});
