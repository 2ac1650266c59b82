import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { ctx, call } = await openSuperSim(await testDatabase());
const dayMs = 86_400_000;
const midnight = Math.floor(ctx.now.getTime() / dayMs) * dayMs;
const daysAgo = (days: number) => new Date(midnight - days * dayMs).toISOString().replace('.000Z', 'Z');
const [EndTime, StartTime] = [daysAgo(0), daysAgo(10)];
const half = (time: string, minutes = '30') => time.replace(/:\d\d:\d\dZ$/, `:${minutes}:00Z`);

for (const [what, query, code] of [
  [
    'a day that begins in the night',
    { Granularity: 'day', StartTime: StartTime.replace('T00', 'T01') },
    83601,
  ],
  ['a day that ends in the night', { Granularity: 'day', StartTime, EndTime: half(EndTime) }, 83601],
  ['a day of another zone', { Granularity: 'day', StartTime: StartTime.replace('Z', '+01:00') }, 83601],
  ['an hour that begins within one', { Granularity: 'hour', StartTime: half(StartTime) }, 83602],
  ['an hour that ends within one', { Granularity: 'hour', StartTime, EndTime: half(EndTime) }, 83602],
  ['more than 31 days by SIM', { Group: 'sim', StartTime: daysAgo(32), EndTime }, 83603],
  [
    'more than 31 days by SIM and day',
    { Group: 'sim', Granularity: 'day', StartTime: daysAgo(32), EndTime },
    83603,
  ],
  ['more than 31 days by hour', { Granularity: 'hour', StartTime: daysAgo(32), EndTime }, 83604],
  ['more than 3 months by day', { Granularity: 'day', StartTime: daysAgo(93), EndTime }, 83604],
  ['more than 18 months', { StartTime: daysAgo(500), EndTime: daysAgo(-60) }, 83604],
  ['what is longer ago than 18 months', { StartTime: daysAgo(560), EndTime: daysAgo(550) }, 83605],
  ['an end before the beginning', { StartTime: EndTime, EndTime: StartTime }, 83600],
  ['no time at all', { StartTime, EndTime: StartTime }, 83600],
  ['a time that is none', { StartTime: 'yesterday' }, 83600],
  ['a time without its zone', { EndTime: '2026-02-28T00:00:00' }, 83600],
  ['a day that is none', { StartTime: '2026-02-30' }, 83600],
  ['a time of a day that is none', { StartTime: '2026-04-31T00:00:00Z' }, 83600],
  ['an unknown group', { Group: 'iso_country' }, 83600],
  ['an unknown granularity', { Granularity: 'week' }, 83600],
  ['two groups', { Group: ['sim', 'fleet'] }, 83600],
  ['a SID that is no network', { Network: `HF${'0'.repeat(32)}` }, 83600],
  ['the name of a network', { Network: 'KPN' }, 83600],
  ['the name of a country', { IsoCountry: 'Netherlands' }, 83600],
  ['a token of another list', { PageToken: `PA${Buffer.from('sim_0').toString('base64url')}` }, 83600],
  ['an empty page', { PageSize: '0' }, 83600],
] as const)
  test(`usage is not asked for with ${what}`, async () => {
    const { status, body } = await call('GET', '/UsageRecords', { query });
    assert.deepEqual([status, body.code], [400, code], body.message);
  });

test('a token that was made up asks for nothing that could not be asked for', async () => {
  const place = `PA${Buffer.from('0.9999999999999.0.').toString('base64url')}`;
  const { status } = await call('GET', '/UsageRecords', { query: { PageToken: place } });
  assert.equal(status, 400);
});
