import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { deleteOldUsage, noteAccounting, recordUsage } from './index.ts';
import { dataRecord, openLines } from './test_lines.ts';

const database = await testDatabase();
const start = new Date('2026-01-01T00:00:00Z');
const later = (days: number) => testCtx(database, new Date(start.getTime() + days * 86_400_000));
const { account, lines } = await openLines(later(0), { count: 205 });
const [line] = lines;
const count = async (table: 'records' | 'hours' | 'radius_sessions') =>
  Number((await query<{ count: bigint }>(later(0).db, `select count(*) from usage.${table}`))[0]!.count);

test('records go after 92 days, their sums after 550, of every line', async () => {
  for (const days of [0, 10])
    await recordUsage(later(days), {
      accountId: account.id,
      source: 'api',
      records: lines.map((each) => dataRecord(each, { at: later(days).now })),
    });
  assert.deepEqual(await deleteOldUsage(later(91)), { records: 0, hours: 0, sessions: 0 });
  assert.equal((await deleteOldUsage(later(93))).records, 205);
  assert.deepEqual([await count('records'), await count('hours')], [205, 410]);
  assert.deepEqual(await deleteOldUsage(later(551)), { records: 205, hours: 205, sessions: 0 });
  assert.deepEqual([await count('records'), await count('hours')], [0, 205]);
});

test('a silent RADIUS session ends after a day and goes after 92', async () => {
  const packet = { nas: 'n', sessionId: 's', status: 'start', imsi: line!.imsi, at: later(0).now } as const;
  const rest = {
    inputOctets: null,
    outputOctets: null,
    gigawordsPresent: false,
    mcc: null,
    mnc: null,
    framedIp: null,
  };
  await noteAccounting(later(0), { ...packet, ...rest });
  await deleteOldUsage(later(0.5));
  const openOnes = () => query(later(0).db, 'select from usage.radius_sessions where ended_at is null');
  assert.equal((await openOnes()).length, 1);
  await deleteOldUsage(later(1.5));
  assert.equal((await openOnes()).length, 0);
  assert.equal((await deleteOldUsage(later(93))).sessions, 1);
});
