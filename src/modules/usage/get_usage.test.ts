import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { networkByCode } from '../catalogue/index.ts';
import { createFleet, createNetworkAccessProfile, type Sim, updateSim } from '../sims/index.ts';
import { getUsage, listUsageRecords, recordUsage, type UsageQuestion } from './index.ts';
import { dataRecord, openLines } from './test_lines.ts';

const database = await testDatabase();
const assigned = testCtx(database, new Date('2026-11-01T00:00:00Z'));
const now = new Date('2026-11-21T14:00:00Z');
const ctx = testCtx(database, now);
const { account, lines } = await openLines(assigned, { count: 3 });
const [first, second, third] = lines as [Sim, Sim, Sim];
const accountId = account.id;
const germany = networkByCode('262', '01');

const fleet = await write(ctx, {}, async (tx) => {
  const networks = germany ? [germany.id] : [];
  const { id } = await createNetworkAccessProfile(tx, { accountId, uniqueName: 'de', networks });
  const made = await createFleet(tx, { accountId, uniqueName: 'trucks', networkAccessProfile: id });
  await updateSim(tx, { accountId, key: first.id, fleet: made.id });
  return made;
});
const early = '2026-11-20T23:10:00Z';
const midnight = '2026-11-21T00:00:00Z';
const noon = '2026-11-21T12:59:59.999Z';
await recordUsage(ctx, {
  accountId,
  source: 'api',
  records: [
    dataRecord(first, { at: new Date(early), bytesUp: 5n }),
    dataRecord(first, { at: new Date(midnight) }),
    dataRecord(second, { at: new Date(noon), mcc: '204', mnc: '08' }),
    dataRecord(second, { at: new Date(noon), kind: 'sms', bytesDown: 0n, units: 3n }),
    dataRecord(third, { at: new Date(noon), kind: 'voice', bytesDown: 0n, units: 60n, mcc: null, mnc: null }),
  ],
});

function ask(question: Partial<UsageQuestion> = {}) {
  return getUsage(ctx, {
    accountId,
    from: new Date('2026-11-20T00:00:00Z'),
    to: now,
    group: null,
    granularity: 'all',
    filter: {},
    ...question,
  });
}

async function rowsOf(question: Partial<UsageQuestion>): Promise<unknown[]> {
  return (await ask(question)).sums.map((sum) => [
    sum.startsAt.toISOString().slice(0, 16),
    sum.key,
    Number(sum.bytesUp + sum.bytesDown),
    Number(sum.smsCount),
    Number(sum.voiceSeconds),
  ]);
}

test('all usage of a span is one sum', async () => {
  assert.deepEqual(await rowsOf({}), [['2026-11-20T00:00', null, 3_005, 3, 60]]);
});

test('usage is summed per SIM, fleet, network and country', async () => {
  const start = '2026-11-20T00:00';
  const bySim = [
    [start, first.id, 2_005, 0, 0],
    [start, second.id, 1_000, 3, 0],
    [start, third.id, 0, 0, 60],
  ];
  assert.deepEqual(
    await rowsOf({ group: 'sim' }),
    bySim.toSorted((a, b) => (a[1]! < b[1]! ? -1 : 1)),
  );
  assert.deepEqual(await rowsOf({ group: 'fleet' }), [
    [start, '', 1_000, 3, 60],
    [start, fleet.id, 2_005, 0, 0],
  ]);
  assert.deepEqual(await rowsOf({ group: 'network' }), [
    [start, '', 0, 0, 60],
    [start, '20408', 1_000, 0, 0],
    [start, '26201', 2_005, 3, 0],
  ]);
  assert.deepEqual(await rowsOf({ group: 'country' }), [
    [start, '', 0, 0, 60],
    [start, 'DE', 2_005, 3, 0],
    [start, 'NL', 1_000, 0, 0],
  ]);
});

test('usage is summed per hour and per day, in whole hours and days', async () => {
  const hours = await ask({ granularity: 'hour', from: new Date('2026-11-20T23:30:00Z') });
  assert.deepEqual(hours.from, new Date('2026-11-20T23:00:00Z'));
  assert.deepEqual(
    hours.sums.map((sum) => [sum.startsAt.toISOString(), sum.endsAt.toISOString(), sum.bytesDown]),
    [
      ['2026-11-20T23:00:00.000Z', '2026-11-21T00:00:00.000Z', 1_000n],
      ['2026-11-21T00:00:00.000Z', '2026-11-21T01:00:00.000Z', 1_000n],
      ['2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z', 1_000n],
    ],
  );
  const days = await ask({ granularity: 'day' });
  assert.deepEqual(days.to, new Date('2026-11-22T00:00:00Z'));
  assert.deepEqual(await rowsOf({ granularity: 'day' }), [
    ['2026-11-20T00:00', null, 1_005, 0, 0],
    ['2026-11-21T00:00', null, 2_000, 3, 60],
  ]);
});

test('usage can be asked of one SIM, fleet, network or country', async () => {
  const bytesOf = async (filter: UsageQuestion['filter']) =>
    (await ask({ filter })).sums.map((sum) => Number(sum.bytesUp + sum.bytesDown));
  assert.deepEqual(await bytesOf({ sim: first.iccid }), [2_005]);
  assert.deepEqual(await bytesOf({ fleet: 'trucks' }), [2_005]);
  assert.deepEqual(await bytesOf({ network: '20408' }), [1_000]);
  assert.deepEqual(await bytesOf({ network: germany!.id }), [2_005]);
  assert.deepEqual(await bytesOf({ country: 'NL', sim: first.id }), []);
});

for (const [group, granularity] of [
  ['sim', 'all'],
  ['network', 'hour'],
  [null, 'hour'],
  ['sim', 'day'],
] as const) {
  test(`pages by ${group} and ${granularity} together are the whole`, async () => {
    const whole = (await ask({ group, granularity })).sums;
    const paged = [];
    for (let after: UsageQuestion['after']; paged.length < 20; after = paged.at(-1)) {
      const [sum] = (await ask({ group, granularity, limit: 1, ...(after && { after }) })).sums;
      if (!sum) break;
      paged.push(sum);
    }
    assert.ok(whole.length > 1);
    assert.deepEqual(paged, whole);
  });
}

for (const [group, granularity] of [
  ['sim', 'all'],
  ['country', 'day'],
  [null, 'hour'],
  ['sim', 'hour'],
] as const) {
  test(`newest first, pages by ${group} and ${granularity} are the whole the other way round, back again too`, async () => {
    const whole = (await ask({ group, granularity })).sums.toReversed();
    const page = async (parts: Partial<UsageQuestion>) =>
      (await ask({ group, granularity, newestFirst: true, ...parts })).sums;
    assert.deepEqual(await page({}), whole);
    assert.deepEqual(await page({ limit: 2 }), whole.slice(0, 2));
    for (const [index, before] of whole.entries()) {
      assert.deepEqual(await page({ before }), whole.slice(index + 1));
      assert.deepEqual(await page({ after: before, limit: 2 }), whole.slice(Math.max(index - 2, 0), index));
    }
  });
}

test('every answer says how fresh it is: of the account, or of the SIM asked for', async () => {
  const { freshness } = await ask({});
  assert.deepEqual(freshness, { asOf: now, lastRecordAt: new Date(noon), lastReceivedAt: now });
  assert.deepEqual((await ask({ filter: { sim: first.id } })).freshness.lastRecordAt, new Date(midnight));
});

test('another account sees nothing of it', async () => {
  const { account: other, lines: own } = await openLines(assigned);
  const answer = await ask({ accountId: other.id });
  assert.deepEqual([answer.sums, answer.freshness.lastRecordAt], [[], null]);
  await assert.rejects(ask({ accountId: other.id, filter: { sim: first.id } }), { code: 'not_found' });
  await assert.rejects(ask({ accountId: other.id, filter: { fleet: fleet.id } }), { code: 'not_found' });
  await assert.rejects(listUsageRecords(ctx, { accountId: other.id, sim: first.id }), { code: 'not_found' });
  assert.deepEqual((await listUsageRecords(ctx, { accountId: other.id, sim: own[0]!.id })).records, []);
});

const refused: [name: string, question: Partial<UsageQuestion>][] = [
  ['from further back than 18 months', { from: new Date('2025-05-19T00:00:00Z') }],
  ['to before from', { to: new Date('2026-11-19T00:00:00Z') }],
  [
    'more than 31 days by SIM and hour',
    { group: 'sim', granularity: 'hour', from: new Date('2026-10-21T13:00:00Z') },
  ],
];
for (const [name, question] of refused) {
  test(`${name} cannot be asked for`, async () => {
    await assert.rejects(ask(question), { code: 'invalid_request' });
  });
}

test('18 months by day can be asked for', async () => {
  assert.equal((await rowsOf({ from: new Date('2025-05-21T14:00:00Z'), granularity: 'day' })).length, 2);
});

test('an unknown network is not found', async () => {
  await assert.rejects(ask({ filter: { network: 'net_x' } }), { code: 'not_found' });
});

test('raw records are listed newest first with their charges, page by page', async () => {
  const page = await listUsageRecords(ctx, { accountId, sim: first.iccid, limit: 1 });
  const [newest] = page.records;
  assert.deepEqual(
    [newest!.at, newest!.network, newest!.country, newest!.source],
    [new Date(midnight), '26201', 'DE', 'api'],
  );
  assert.deepEqual(
    newest!.charges.map(({ amount }) => amount),
    [1_000n],
  );
  const rest = await listUsageRecords(ctx, { accountId, sim: first.id, before: newest! });
  assert.deepEqual(
    rest.records.map(({ at, bytesUp }) => [at.toISOString(), bytesUp]),
    [[new Date(early).toISOString(), 5n]],
  );
});
