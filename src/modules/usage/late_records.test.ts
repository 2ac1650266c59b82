import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import type { Sim } from '../sims/index.ts';
import { type NewUsageRecord, recordUsage } from './index.ts';
import { bytesLeft, dataRecord, openLines } from './test_lines.ts';

const database = await testDatabase();
const assigned = testCtx(database, new Date('2026-11-01T00:00:00Z'));
const ctx = testCtx(database, new Date('2026-11-21T14:00:00Z'));
const noon = Date.parse('2026-11-20T12:00:00Z');
const at = (minutes: number) => new Date(noon + minutes * 60_000);

async function openLine(bundles: readonly bigint[]): Promise<Sim> {
  const [line] = (await openLines(assigned, { bundles })).lines;
  return line!;
}

function send(line: Sim, records: NewUsageRecord[]) {
  return recordUsage(ctx, { accountId: line.accountId, source: 'api', records });
}

/** The charges of each record, in the order of time, as [position of the bundle, amount]. */
async function chargesOf(line: Sim): Promise<string[]> {
  const rows = await query<{ charges: string }>(
    ctx.db,
    `select (
       select coalesce(string_agg((select count(*) from bundles.bundles b where b.esim_id = $2 and b.id < c.bundle)
         || ':' || c.amount, ' ' order by c.bundle), '')
       from unnest(r.bundle_ids, r.amounts) as c(bundle, amount)
     ) as charges
     from usage.records r where sim_id = $1 order by at, id`,
    [line.id, line.esimId],
  );
  return rows.map((row) => row.charges);
}

test('a late record takes its place: later ones are charged to the next bundle', async () => {
  const line = await openLine([1_000n, 1_000n]);
  await send(line, [
    dataRecord(line, { at: at(10), bytesDown: 600n }),
    dataRecord(line, { at: at(20), bytesDown: 400n }),
  ]);
  assert.deepEqual(await chargesOf(line), ['0:600', '0:400']);
  await send(line, [dataRecord(line, { at: at(15), bytesDown: 300n })]);
  assert.deepEqual(await chargesOf(line), ['0:600', '0:300', '0:100 1:300']);
  assert.deepEqual(await bytesLeft(ctx, line), [0n, 700n]);
});

test('charges do not depend on the order in which records come', async () => {
  const records = Array.from({ length: 12 }, (_, index) => ({
    id: `x${index}`,
    at: at(index),
    bytesDown: BigInt(100 + index * 10),
  }));
  const orders = [
    records.map((each) => [each]),
    records.toReversed().map((each) => [each]),
    [records.filter((_, index) => index % 2 === 1), records.filter((_, index) => index % 2 === 0)],
    [records.slice(6), records.slice(0, 3), records.slice(3, 6)],
  ];
  const outcomes: unknown[] = [];
  for (const batches of orders) {
    const line = await openLine([500n, 700n, 300n]);
    for (const batch of batches)
      await send(
        line,
        batch.map((each) => dataRecord(line, each)),
      );
    outcomes.push([await chargesOf(line), await bytesLeft(ctx, line)]);
  }
  for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0]);
});

test('records of the same moment are rated by their ids, whichever comes first', async () => {
  const line = await openLine([1_000n, 1_000n]);
  await send(line, [dataRecord(line, { id: 'b', at: at(0), bytesDown: 900n })]);
  await send(line, [dataRecord(line, { id: 'a', at: at(0), bytesDown: 900n })]);
  assert.deepEqual(await chargesOf(line), ['0:900', '0:100 1:800']);
});

test('many late lines in one batch are rated again each by itself', async () => {
  const { account, lines } = await openLines(assigned, { count: 30, bundles: [1_000n, 1_000n] });
  const batch = (minutes: number, bytesDown: bigint) =>
    recordUsage(ctx, {
      accountId: account.id,
      source: 'api',
      records: lines.map((line) => dataRecord(line, { at: at(minutes), bytesDown })),
    });
  await batch(10, 1_000n);
  await batch(5, 300n);
  for (const line of lines) assert.deepEqual(await chargesOf(line), ['0:300', '0:700 1:300']);
});

test('a late record that comes again is not counted again', async () => {
  const line = await openLine([1_000n]);
  const late = dataRecord(line, { at: at(1), bytesDown: 10n });
  await send(line, [dataRecord(line, { at: at(2), bytesDown: 10n })]);
  await send(line, [late]);
  assert.equal((await send(line, [late])).repeated, 1);
  assert.deepEqual(await bytesLeft(ctx, line), [980n]);
});

test('a record behind more later ones than can be rated again is charged to what is left', async () => {
  const line = await openLine([1_000n, 1_000n]);
  await send(line, [dataRecord(line, { at: at(10), bytesDown: 900n })]);
  await query(
    ctx.db,
    `insert into usage.records (account_id, id, sim_id, kind, at, source, received_at)
     select $1, 'filler ' || n, $2, 'data', $3::timestamptz + n * interval '1 second', 'api', $3
     from generate_series(1, 10000) as n`,
    [line.accountId, line.id, at(11)],
  );
  await send(line, [dataRecord(line, { id: 'late', at: at(5), bytesDown: 300n })]);
  // The first bundle began with the record at minute 10.
  assert.deepEqual((await chargesOf(line)).slice(0, 2), ['1:300', '0:900']);
});
