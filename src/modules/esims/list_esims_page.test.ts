import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { type EsimsPage, listEsimsPage } from './index.ts';

const ctx = testCtx(await testDatabase());
const accountId = 'acc_pages';

/** eSIM n: its ICCID is the reverse of its age; every fifth has a reference; one an hour. */
await query(
  ctx.db,
  `insert into esims.esims (id, account_id, origin, order_id, iccid, state, smdp_address, install_token,
     customer_reference, created_at, updated_at)
   select 'esm_' || lpad(n::text, 32, '0'), case when n > 60 then 'acc_other' else $1 end, 'ordered', 'ord_1',
     (8988000000 + 100 - n)::text, 'available', '', n::text, case when n % 5 = 0 then 'Shop-' || lpad(n::text, 3, '0') end,
     timestamptz '2024-01-01Z' + n * interval '1 hour', now()
   from generate_series(1, 70) as n`,
  [accountId],
);

const list = async (input: Partial<EsimsPage>) => {
  const { esims, rows } = await listEsimsPage(ctx, { accountId, page: 1, perPage: 10, ...input });
  return { rows, ids: esims.map(({ id }) => Number(id.slice(4))) };
};
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

test('pages follow each other newest first, and each says how many rows there are', async () => {
  assert.deepEqual(await list({}), { rows: 60, ids: down(60, 51) });
  assert.deepEqual(await list({ page: 6 }), { rows: 60, ids: down(10, 1) });
  assert.deepEqual(await list({ page: 7 }), { rows: 60, ids: [] });
});

test('by ICCID, in both directions', async () => {
  assert.deepEqual((await list({ orderBy: 'iccid', direction: 'asc' })).ids, down(60, 51));
  assert.deepEqual((await list({ orderBy: 'iccid', direction: 'desc', perPage: 3 })).ids, [1, 2, 3]);
  assert.deepEqual((await list({ direction: 'asc', perPage: 3 })).ids, [1, 2, 3]);
});

const iccid = (n: number) => String(8988000000 + 100 - n);
const hour = (n: number) => new Date(Date.UTC(2024, 0, 1, n));
const cases: [condition: EsimsPage['condition'], rows: number][] = [
  [{ field: 'iccid', operator: 'eq', value: iccid(7) }, 1],
  [{ field: 'iccid', operator: 'lt', value: iccid(58) }, 2],
  [{ field: 'iccid', operator: 'gte', value: iccid(7) }, 7],
  [{ field: 'iccid', operator: 'contains', value: '898800009' }, 10],
  [{ field: 'iccid', operator: 'eq', value: iccid(65) }, 0],
  [{ field: 'customerReference', operator: 'eq', value: 'Shop-010' }, 1],
  [{ field: 'customerReference', operator: 'contains', value: 'SHOP-0' }, 12],
  [{ field: 'customerReference', operator: 'contains', value: '%' }, 0],
  [{ field: 'customerReference', operator: 'gt', value: 'Shop-050' }, 2],
  [{ field: 'createdAt', from: null, to: hour(4) }, 3],
  [{ field: 'createdAt', from: hour(51), to: null }, 10],
  [{ field: 'createdAt', from: hour(50), to: hour(51) }, 1],
  [{ field: 'createdAt', from: null, to: null }, 60],
];
for (const [condition, rows] of cases)
  test(`${JSON.stringify(condition)} holds for ${rows}`, async () => {
    const found = await list({ perPage: 100, ...(condition && { condition }) });
    assert.deepEqual([found.rows, found.ids.length], [rows, rows]);
  });

test('a page that lies too far behind is refused before it is looked for', async () => {
  await assert.rejects(list({ page: 10_001, perPage: 100 }), { code: 'invalid_request' });
});

test('the pages in front are skipped without reading their rows', async () => {
  const ofMany = `
    insert into esims.esims (id, account_id, origin, order_id, iccid, state, smdp_address, install_token, created_at, updated_at)
    select 'esm_m' || lpad(n::text, 31, '0'), case when n % 4 = 0 then 'acc_many' else 'acc_' || n % 100 end, 'ordered',
      'ord_1', (8999000000 + n)::text, 'available', '', 'm' || n, now(), now() from generate_series(1, 40000) as n`;
  await query(ctx.db, ofMany);
  for (const orderBy of ['id', 'iccid'] as const) {
    let read = await rowsReadBy(orderBy);
    // Whoever looks at the table meanwhile can make a page invisible again: not five times.
    for (let times = 1; read > 300 && times < 5; times++) read = await rowsReadBy(orderBy);
    // 8,900 rows are in front.
    assert.ok(read <= 300, `${read} rows were read by ${orderBy}`);
  }
});

/** Rows of the table that a page far behind takes. */
async function rowsReadBy(orderBy: 'id' | 'iccid'): Promise<number> {
  await vacuumUntilAllVisible();
  return await write(ctx, {}, async (tx) => {
    const page = { accountId: 'acc_many', page: 90, perPage: 100, orderBy };
    const { esims, rows } = await listEsimsPage(tx, page);
    assert.deepEqual([esims.length, rows, esims[0]?.iccid], [100, 10_000, '8999004400']);
    const [table] = await query<{ read: bigint }>(
      tx.db,
      "select idx_tup_fetch + seq_tup_read as read from pg_stat_xact_user_tables where relid = 'esims.esims'::regclass",
    );
    return Number(table?.read);
  });
}

/** An index alone answers for rows that all can see; a page that is in use while vacuum comes by is not marked as such. */
async function vacuumUntilAllVisible(): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    await query(ctx.db, 'vacuum (analyze, disable_page_skipping) esims.esims');
    const [table] = await query<{ done: boolean }>(
      ctx.db,
      "select relallvisible >= relpages as done from pg_class where oid = 'esims.esims'::regclass",
    );
    if (table?.done) return;
  }
  assert.fail('some rows stayed invisible to somebody for a minute');
}
