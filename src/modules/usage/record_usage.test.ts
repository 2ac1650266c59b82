import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { type NewUsageRecord, type RecordUsage, recordUsage } from './index.ts';
import { bytesLeft, dataRecord, openLines } from './test_lines.ts';

const database = await testDatabase();
const assigned = testCtx(database, new Date('2026-11-01T00:00:00Z'));
const ctx = testCtx(database, new Date('2026-11-21T14:00:00Z'));

const { account, lines } = await openLines(assigned, { count: 20 });
const [line] = lines as [(typeof lines)[number]];
const send = (records: NewUsageRecord[], more: Partial<RecordUsage> = {}) =>
  recordUsage(ctx, { accountId: account.id, source: 'api', records, ...more });

async function countStored(simId = line.id): Promise<bigint> {
  const [row] = await query<{ count: bigint }>(
    ctx.db,
    'select count(*) from usage.records where sim_id = $1',
    [simId],
  );
  return row!.count;
}

test('a record is taken from the bundle of its line, whichever name the line is given by', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  for (const sim of [mine.id, mine.iccid, mine.imsi ?? assert.fail()])
    await recordUsage(ctx, {
      accountId: mine.accountId,
      source: 'api',
      records: [dataRecord(mine, { sim })],
    });
  assert.deepEqual(await bytesLeft(ctx, mine), [999_997_000n]);
});

test('a batch says how much of it was counted and how current that is', async () => {
  const at = new Date('2026-11-21T12:30:00Z');
  const answer = await send([dataRecord(line), dataRecord(line, { at })]);
  assert.deepEqual(answer, {
    counted: 2,
    repeated: 0,
    refused: [],
    freshness: { asOf: ctx.now, lastRecordAt: at, lastReceivedAt: ctx.now },
  });
});

test('a record that comes again is counted once: in its batch, in a later one, with other content', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  const record = dataRecord(mine);
  const again = (records: NewUsageRecord[]) =>
    recordUsage(ctx, { accountId: mine.accountId, source: 'api', records });
  const { counted, repeated } = await again([record, { ...record }]);
  assert.deepEqual([counted, repeated], [1, 1]);
  assert.deepEqual(await again([record]).then((each) => [each.counted, each.repeated]), [0, 1]);
  assert.equal((await again([{ ...record, bytesDown: 5n }])).repeated, 1);
  assert.deepEqual(await bytesLeft(ctx, mine), [999_999_000n]);
});

test('two callers with the same batch at once count it once, and none fails', async () => {
  const { account: mine, lines: many } = await openLines(assigned, { count: 50 });
  const records = many.flatMap((each) => [dataRecord(each), dataRecord(each)]);
  const answers = await Promise.all(
    [records, records.toReversed(), records].map((batch) =>
      recordUsage(ctx, { accountId: mine.id, source: 'api', records: batch }),
    ),
  );
  assert.equal(
    answers.reduce((sum, each) => sum + each.counted, 0),
    100,
  );
  for (const each of many) assert.deepEqual(await bytesLeft(ctx, each), [999_998_000n]);
});

test('the same ids on different lines at once are counted once each', async () => {
  const { account: mine, lines: many } = await openLines(assigned, { count: 2 });
  const ids = Array.from({ length: 200 }, (_, index) => `same ${index}`);
  const batches = many.map((each, side) =>
    (side === 0 ? ids : ids.toReversed()).map((id) => dataRecord(each, { id })),
  );
  const answers = await Promise.all(
    batches.map((records) => recordUsage(ctx, { accountId: mine.id, source: 'api', records })),
  );
  assert.equal(
    answers.reduce((sum, each) => sum + each.counted, 0),
    200,
  );
  assert.equal(
    answers.reduce((sum, each) => sum + each.repeated, 0),
    200,
  );
  const left = (await Promise.all(many.map((each) => bytesLeft(ctx, each)))).flat();
  assert.equal(
    left.reduce((sum, each) => sum + each),
    2_000_000_000n - 200_000n,
  );
});

test('two callers who rate one line at once lose nothing', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  await Promise.all(
    Array.from({ length: 20 }, () =>
      recordUsage(ctx, {
        accountId: mine.accountId,
        source: 'api',
        records: Array.from({ length: 10 }, () => dataRecord(mine)),
      }),
    ),
  );
  assert.deepEqual(await bytesLeft(ctx, mine), [999_800_000n]);
  assert.equal(await countStored(mine.id), 200n);
});

test('two accounts may use the same ids', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  const record = dataRecord(line);
  await send([record]);
  const other = { accountId: mine.accountId, source: 'api' as const, records: [{ ...record, sim: mine.id }] };
  assert.equal((await recordUsage(ctx, other)).counted, 1);
});

test('a batch of 10,000 records over several transactions is counted, and counts nothing when it comes again', async () => {
  const records = Array.from({ length: 10_000 }, (_, index) => dataRecord(lines[index % lines.length]!));
  assert.equal((await send(records)).counted, 10_000);
  assert.equal((await send(records)).repeated, 10_000);
});

test('a large batch with an unknown SIM is refused before anything is counted', async () => {
  const records = Array.from({ length: 1_500 }, () => dataRecord(line));
  const before = await countStored();
  records[7] = { ...records[7]!, sim: '8949000000999999999' };
  await assert.rejects(send(records), {
    code: 'not_found',
    fields: [{ field: 'records[7].sim', detail: 'there is no such SIM' }],
  });
  assert.equal(await countStored(), before);
  const { counted, refused } = await send(records, { onFault: 'skip' });
  assert.deepEqual([counted, refused.map(({ index }) => index)], [1_499, [7]]);
});

const day = 86_400_000;
const bad: [name: string, record: Partial<NewUsageRecord>, code: string, field: string][] = [
  ['an unknown SIM', { sim: '8949000000999999999' }, 'not_found', 'sim'],
  ['an empty id', { id: '' }, 'invalid_request', 'id'],
  ['an id that is too long', { id: 'x'.repeat(201) }, 'invalid_request', 'id'],
  ['an id that cannot be stored', { id: 'a\0b' }, 'invalid_request', 'id'],
  ['an id of RADIUS', { id: 'radius:nas:1:1' }, 'invalid_request', 'id'],
  ['a time that is none', { at: new Date(Number.NaN) }, 'invalid_request', 'at'],
  [
    'a record older than the retention',
    { at: new Date(ctx.now.getTime() - 90 * day - 1) },
    'invalid_request',
    'at',
  ],
  ['a record of the future', { at: new Date(ctx.now.getTime() + 3_600_001) }, 'invalid_request', 'at'],
  ['a negative amount', { bytesUp: -1n }, 'invalid_request', 'bytesUp'],
  ['an amount that overflows', { bytesDown: 2n ** 48n + 1n }, 'invalid_request', 'bytesDown'],
  ['a sum that overflows', { bytesUp: 2n ** 48n, bytesDown: 1n }, 'invalid_request', 'bytesDown'],
  ['bytes of a message', { kind: 'sms', units: 1n }, 'invalid_request', 'bytesDown'],
  ['too many messages', { kind: 'sms', bytesDown: 0n, units: 2n ** 31n }, 'invalid_request', 'units'],
  ['a network without MNC', { mnc: null }, 'invalid_request', 'mnc'],
  ['an MCC that is none', { mcc: '26' }, 'invalid_request', 'mcc'],
  ['a country that is none', { country: 'XX' }, 'invalid_request', 'country'],
];
for (const [name, wrong, code, field] of bad) {
  test(`${name} refuses the batch by name, or only itself`, async () => {
    const before = await countStored();
    const records = [dataRecord(line), dataRecord(line, wrong)];
    await assert.rejects(send(records), (error: any) => {
      assert.deepEqual([error.code, error.fields[0].field], [code, `records[1].${field}`]);
      return true;
    });
    assert.equal(await countStored(), before);
    const { counted, refused } = await send(records, { onFault: 'skip' });
    assert.deepEqual(
      [counted, refused.map((each) => [each.index, each.code, each.field])],
      [1, [[1, code, field]]],
    );
  });
}

test('a SIM of another account answers like an unknown one', async () => {
  const [foreign] = (await openLines(assigned)).lines as [typeof line];
  await assert.rejects(send([dataRecord(foreign)]), { code: 'not_found' });
  assert.equal(await countStored(foreign.id), 0n);
});

test('one id with two contents in a batch is a conflict', async () => {
  const record = dataRecord(line);
  await assert.rejects(send([record, { ...record, bytesDown: 1n }]), { code: 'conflict' });
});

for (const length of [0, 10_001]) {
  test(`a batch of ${length} records is refused`, async () => {
    await assert.rejects(send(Array.from({ length }, () => dataRecord(line))), { code: 'invalid_request' });
  });
}

test('amounts at the limit are counted', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  const records = Array.from({ length: 3 }, () => dataRecord(mine, { bytesDown: 2n ** 48n }));
  assert.equal((await recordUsage(ctx, { accountId: mine.accountId, source: 'api', records })).counted, 3);
});

test('counters that would overflow refuse the batch and stay', async () => {
  const [mine] = (await openLines(assigned)).lines as [typeof line];
  await send([dataRecord(line)]);
  const sendMine = () =>
    recordUsage(ctx, {
      accountId: mine.accountId,
      source: 'api',
      records: [dataRecord(mine, { bytesDown: 2n ** 48n })],
    });
  await sendMine();
  await query(ctx.db, 'update usage.hours set bytes_down = 9223372036854775807 where sim_id = $1', [mine.id]);
  await assert.rejects(sendMine(), { code: 'invalid_request' });
  assert.equal(await countStored(mine.id), 1n);
});

test('the sums of the hours are those of the records', async () => {
  const sums = await query(
    ctx.db,
    `select sim_id, hour, sum(up)::text, sum(down)::text, sum(sms)::text, sum(voice)::text from (
       select sim_id, date_trunc('hour', at, 'UTC') as hour, bytes_up as up, bytes_down as down,
         case when kind = 'sms' then units else 0 end as sms, case when kind = 'voice' then units else 0 end as voice
       from usage.records where account_id = $1
       union all
       select sim_id, hour, -bytes_up, -bytes_down, -sms_count, -voice_seconds from usage.hours where account_id = $1
     ) as both_ways
     group by sim_id, hour having sum(up) <> 0 or sum(down) <> 0 or sum(sms) <> 0 or sum(voice) <> 0`,
    [account.id],
  );
  assert.deepEqual(sums, []);
});
