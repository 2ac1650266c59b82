import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listOrderedEsims, type OrderedEsimFilter } from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const eid = '89049032000001000000000000000074';

// A long history: one number in ten is a failed order (each second of them with a bundle for its eSIM), one in a thousand a waiting one, the others are eSIMs.
const history = 'acc_history';
const numbersMax = 12_000;
await query(
  ctx.db,
  `insert into orders.orders (id, account_id, status, lines, quantity, total_minor, currency, input_hash, failure_code, request_id, actor, created_at)
    select 'ord_' || lpad(n::text, 32, '0'), $1, case when n % 1000 = 1 then 'accepted' when n % 10 = 0 then 'failed' else 'completed' end,
      jsonb_build_array(jsonb_build_object('quantity', 1, 'esimIds', null, 'eid', case when n % 1000 < 2 then $3::text end, 'unitPriceMinor', '0', 'totalMinor', '0'))
        || case when n % 20 = 0 then '[{"withLine": 0, "quantity": 1, "esimIds": null, "unitPriceMinor": "0", "totalMinor": "0"}]'::jsonb else '[]' end,
      case when n % 20 = 0 then 2 else 1 end, 0, 'EUR', '', case when n % 1000 <> 1 and n % 10 = 0 then 'stock_empty' end, 'req', 'system', now()
    from generate_series(1, $2::integer) as n`,
  [history, numbersMax, eid],
);
await query(
  ctx.db,
  `insert into esims.esims (id, account_id, order_id, iccid, eid, state, smdp_address, install_token, created_at, updated_at)
    select 'esm_' || lpad(n::text, 32, '0'), $1, 'ord_' || lpad(n::text, 32, '0'), 'h' || n, case when n % 1000 = 2 then $3::text end,
      case when n % 4000 = 3 then 'failed' else 'available' end, 'smdp', 'h' || n, now(), now()
    from generate_series(1, $2::integer) as n where n % 1000 <> 1 and n % 10 <> 0`,
  [history, numbersMax, eid],
);
// Other accounts have orders too, in between.
await query(
  ctx.db,
  `insert into orders.orders (id, account_id, status, lines, quantity, total_minor, currency, input_hash, failure_code, request_id, actor, created_at)
    select 'ord_' || lpad(n::text, 31, '0') || 'f', 'acc_' || n % 20, 'failed', '[{"esimIds": null, "quantity": 1}]', 1, 0, 'EUR', '', 'stock_empty', 'req', 'system', now()
    from generate_series(1, $1::integer) as n`,
  [numbersMax],
);
await query(ctx.db, 'analyze orders.orders, esims.esims');

const isWaiting = (n: number) => n % 1000 === 1;
const isFailed = (n: number) => n % 10 === 0 || n % 4000 === 3;
const cases: [name: string, filter: Omit<OrderedEsimFilter, 'accountId'>, holds: (n: number) => boolean][] = [
  ['all', {}, () => true],
  ['those reserving', { statuses: ['reserving'] }, isWaiting],
  ['those that failed', { statuses: ['failed'] }, isFailed],
  ['those of two statuses', { statuses: ['reserving', 'available'] }, (n) => !isFailed(n)],
  ['those of an EID', { eid }, (n) => n % 1000 < 3],
  ['those of an EID that failed', { eid, statuses: ['failed'] }, (n) => n % 1000 === 0],
];
const numberOf = ({ id }: { id: string }) => Number(id.slice(4));
for (const [name, filter, holds] of cases) {
  test(`${name}: pages forth and back meet every one of them once, in order`, async () => {
    const all = Array.from({ length: numbersMax }, (_, index) => numbersMax - index).filter(holds);
    const of = { accountId: history, limit: Math.max(7, Math.ceil(all.length / 20)), ...filter };
    const forth = await walk((before) => listOrderedEsims(ctx, { ...of, ...(before && { before }) }), -1);
    assert.deepEqual(forth, all);
    const oldest = `esm_${String(all.at(-1)).padStart(32, '0')}`;
    const back = await walk((after = oldest) => listOrderedEsims(ctx, { ...of, after }), 0);
    assert.deepEqual(
      back.sort((a, b) => b - a),
      all.slice(0, -1),
    );
  });
}

/** Pages until there are no more, each going on from the item at `end` of the one before. */
async function walk(
  page: (place: string | undefined) => Promise<{ id: string }[]>,
  end: 0 | -1,
): Promise<number[]> {
  const numbers: number[] = [];
  for (let place: string | undefined; ; ) {
    const items = await page(place);
    if (items.length === 0) return numbers;
    numbers.push(...items.map(numberOf));
    place = items.at(end)?.id;
  }
}

test('a page of a long history reads about as many rows as it gives', async () => {
  const [deep, limit] = [`esm_${'5000'.padStart(32, '0')}`, 50];
  for (const filter of [
    {},
    { before: deep },
    { after: deep },
    { statuses: ['failed'] },
    { statuses: ['reserving'] },
  ] as const)
    for (let times = 0; times < 7; times++) {
      const read = await write(ctx, {}, async (tx) => {
        const before = await rowsRead(tx);
        await listOrderedEsims(tx, { accountId: history, limit, ...filter });
        return (await rowsRead(tx)) - before;
      });
      assert.ok(read <= 3 * limit, `${JSON.stringify(filter)}: ${read} rows`);
    }
});

async function rowsRead(tx: Ctx): Promise<number> {
  const [row] = await query<{ read: bigint }>(
    tx.db,
    `select sum(idx_tup_fetch + seq_tup_read)::bigint as read from pg_stat_xact_user_tables
      where relid in ('esims.esims'::regclass, 'orders.orders'::regclass)`,
  );
  return Number(row?.read);
}
