import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { createFleet, createNetworkAccessProfile } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { newLine, useData } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const hourMs = 3_600_000;
const { ctx, account, foreign, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;

/** The beginning of the hour so many hours before this one. */
const thisHour = Math.floor(ctx.now.getTime() / hourMs) * hourMs;
const hoursAgo = (count: number) => new Date(thisHour - count * hourMs);
const time = (at: Date) => at.toISOString().replace('.000Z', 'Z');

const fleet = await write(ctx, {}, async (tx) => {
  const { id } = await createNetworkAccessProfile(tx, { accountId, networks: [] });
  return await createFleet(tx, { accountId, networkAccessProfile: id, uniqueName: 'trucks' });
});
const truck = await newLine(ctx, account, { uniqueName: 'truck', fleet: 'trucks' });
const loner = await newLine(ctx, account);
const netherlands = { mcc: '204', mnc: '08' };
await useData(ctx, truck, new Date(hoursAgo(3).getTime() + 60_000), { bytesUp: 5n });
await useData(ctx, truck, hoursAgo(2));
await useData(ctx, loner, hoursAgo(2), { ...netherlands, bytesDown: 300n });
await useData(ctx, loner, hoursAgo(2), { kind: 'sms', bytesDown: 0n, units: 4n });
// A network that nobody knows, and no network at all.
await useData(ctx, loner, hoursAgo(1), { mcc: '001', mnc: '01', bytesDown: 40n, country: 'DE' });
await useData(ctx, loner, hoursAgo(1), { mcc: null, mnc: null, bytesDown: 2n });

const [trucks, truckSid, lonerSid] = [
  writeSid('fleet', fleet.id),
  writeSid('sim', truck.id),
  writeSid('sim', loner.id),
];
const sidOf = (mcc: string, mnc: string) => writeSid('network', networkByCode(mcc, mnc)!.id);
const [telekom, kpn] = [sidOf('262', '01'), sidOf('204', '08')];

type Query = Record<string, string | number>;
const ask = async (query: Query = {}, auth = account.auth) =>
  (await call('GET', '/UsageRecords', { query, auth })).body;
/** What there is of a member, and how much, in the order of the list. */
const rowsOf = async (member: string, query: Query) =>
  (await ask(query)).usage_records.map((each: any) => [each[member], each.data_total]);

test('all usage of the last month is one record as the vendor shows it', async () => {
  const { usage_records: records } = await ask();
  const [{ period, ...rest }, ...others] = records;
  assert.equal(others.length, 0);
  assert.deepEqual(rest, {
    account_sid: account.sid,
    sim_sid: null,
    network_sid: null,
    fleet_sid: null,
    iso_country: null,
    data_upload: 5,
    data_download: 2_342,
    data_total: 2_347,
    data_total_billed: 0,
    billed_unit: null,
  });
  assert.ok(period.start_time < time(hoursAgo(27 * 24)) && period.start_time > time(hoursAgo(32 * 24)));
  assert.ok(period.end_time > time(hoursAgo(0)) && period.end_time <= time(hoursAgo(-2)));
});

test('usage is grouped by SIM, fleet, network and country, and says of nothing else whose it is', async () => {
  const bySim = [
    [truckSid, 2_005],
    [lonerSid, 342],
  ].sort((a, b) => (a[0]! < b[0]! ? 1 : -1));
  assert.deepEqual(await rowsOf('sim_sid', { Group: 'sim' }), bySim);
  assert.deepEqual(await rowsOf('fleet_sid', { Group: 'fleet' }), [
    [trucks, 2_005],
    [null, 342],
  ]);
  assert.deepEqual(await rowsOf('network_sid', { Group: 'network' }), [
    [telekom, 2_005],
    [kpn, 300],
    [null, 40],
    [null, 2],
  ]);
  assert.deepEqual(await rowsOf('iso_country', { Group: 'isoCountry' }), [
    ['NL', 300],
    ['DE', 2_045],
    [null, 2],
  ]);
  const { usage_records: records } = await ask({ Group: 'sim' });
  for (const { network_sid, fleet_sid, iso_country } of records)
    assert.deepEqual([network_sid, fleet_sid, iso_country], [null, null, null]);
});

test('usage is asked of one SIM, fleet, network or country, by SID and by name, and is marked with it', async () => {
  for (const [query, member, expected] of [
    [{ Sim: truckSid }, 'sim_sid', [truckSid, 2_005]],
    [{ Sim: 'truck' }, 'sim_sid', [truckSid, 2_005]],
    [{ Fleet: trucks }, 'fleet_sid', [trucks, 2_005]],
    [{ Fleet: 'trucks' }, 'fleet_sid', [trucks, 2_005]],
    [{ Network: kpn }, 'network_sid', [kpn, 300]],
    [{ IsoCountry: 'DE' }, 'iso_country', ['DE', 2_045]],
    [{ IsoCountry: 'de' }, 'iso_country', ['DE', 2_045]],
  ] as const)
    assert.deepEqual(await rowsOf(member, query), [expected]);
});

test('a group within a filter is marked with both', async () => {
  const { usage_records: records } = await ask({ IsoCountry: 'DE', Group: 'sim', Fleet: 'trucks' });
  const [{ sim_sid, iso_country, fleet_sid, network_sid, data_total }] = records;
  assert.deepEqual(
    [sim_sid, iso_country, fleet_sid, network_sid, data_total],
    [truckSid, 'DE', trucks, null, 2_005],
  );
  assert.equal(records.length, 1);
});

test('by hour and by day, the newest comes first', async () => {
  const { usage_records: hours } = await ask({ Granularity: 'hour' });
  assert.deepEqual(
    hours.map(({ period, data_total }: any) => [period.start_time, period.end_time, data_total]),
    [
      [time(hoursAgo(1)), time(hoursAgo(0)), 42],
      [time(hoursAgo(2)), time(hoursAgo(1)), 1_300],
      [time(hoursAgo(3)), time(hoursAgo(2)), 1_005],
    ],
  );
  const { usage_records: days } = await ask({ Granularity: 'day' });
  const starts = days.map(({ period }: any) => period.start_time);
  assert.deepEqual(starts, starts.toSorted().toReversed());
  assert.ok(starts.every((start: string) => start.endsWith('T00:00:00Z')));
  assert.equal(
    days.reduce((sum: number, each: any) => sum + each.data_total, 0),
    2_347,
  );
});

test('a span begins with its first moment and ends before its last', async () => {
  const between = (StartTime: Date, EndTime: Date) =>
    ask({ Granularity: 'hour', StartTime: time(StartTime), EndTime: time(EndTime) });
  const { usage_records: records } = await between(hoursAgo(3), hoursAgo(1));
  assert.deepEqual(
    records.map((each: any) => each.data_total),
    [1_300, 1_005],
  );
  assert.deepEqual((await between(hoursAgo(30), hoursAgo(10))).usage_records, []);
});

test('altogether, a span that begins or ends within an hour is widened to whole hours, and says so', async () => {
  const within = (hours: number) => time(new Date(hoursAgo(hours).getTime() + 600_000));
  const { usage_records: records } = await ask({ StartTime: within(3), EndTime: within(2) });
  const period = { start_time: time(hoursAgo(3)), end_time: time(hoursAgo(1)) };
  assert.deepEqual([records[0].period, records[0].data_total], [period, 2_305]);
});

for (const query of [
  { Group: 'network', Granularity: 'hour' },
  { Group: 'sim' },
  { Granularity: 'hour' },
] as const)
  test(`pages of ${JSON.stringify(query)} are the whole, forwards and backwards`, async () => {
    const follow = async (url: string) => (await call('GET', url.slice(url.indexOf('/v1/') + 3))).body;
    const { usage_records: whole } = await ask(query);
    const pages = [await ask({ ...query, PageSize: 1 })];
    while (pages.at(-1).meta.next_page_url) pages.push(await follow(pages.at(-1).meta.next_page_url));
    assert.ok(whole.length > 1);
    assert.deepEqual(
      pages.flatMap((page) => page.usage_records),
      whole,
    );
    for (let at = pages.length - 1; at > 0; at--) {
      const { usage_records: back } = await follow(pages[at].meta.previous_page_url);
      assert.deepEqual(back, pages[at - 1].usage_records);
    }
    assert.equal(pages[0].meta.previous_page_url, null);
  });

test('what is not there has used nothing, and nobody sees the usage of others', async () => {
  for (const query of [
    { Sim: 'nobody' },
    { Sim: `HS${'0'.repeat(32)}` },
    { Fleet: 'nobody' },
    { Network: `HW${'0'.repeat(32)}` },
    { IsoCountry: 'XX' },
  ])
    assert.deepEqual((await ask(query as Query)).usage_records, []);
  for (const query of [{}, { Sim: truckSid }, { Fleet: trucks }, { Network: kpn }, { Group: 'sim' }])
    assert.deepEqual((await ask(query as Query, foreign.auth)).usage_records, []);
});

test('as much as the vendor allows can be asked for', async () => {
  const midnight = Math.floor(ctx.now.getTime() / (24 * hourMs)) * 24 * hourMs;
  const daysAgo = (days: number) => time(new Date(midnight - days * 24 * hourMs));
  for (const query of [
    { Group: 'sim', Granularity: 'hour' },
    { Group: 'sim', Granularity: 'day' },
    { Group: 'sim' },
    { Group: 'sim', Granularity: 'hour', StartTime: daysAgo(31), EndTime: daysAgo(0) },
    { Granularity: 'day', StartTime: daysAgo(89), EndTime: daysAgo(0) },
    { StartTime: daysAgo(540) },
  ])
    assert.equal((await call('GET', '/UsageRecords', { query: query as Query })).status, 200);
});
