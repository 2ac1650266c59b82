import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import type { Sim } from '../../sims/index.ts';
import { importUsageCsv, listUsageRecords, type UsageFile } from '../index.ts';
import { bytesLeft, openLines } from '../test_lines.ts';

const database = await testDatabase();
const assigned = testCtx(database, new Date('2026-11-01T00:00:00Z'));
const ctx = testCtx(database, new Date('2026-11-21T14:00:00Z'));

async function openLine(): Promise<Sim> {
  return (await openLines(assigned)).lines[0]!;
}

function importFor(line: Sim, text: string, options: Partial<UsageFile> = {}) {
  return importUsageCsv(ctx, { accountId: line.accountId, text, unit: 'B', zone: 'Z', ...options });
}

async function recordsOf(line: Sim): Promise<unknown[]> {
  const { records } = await listUsageRecords(ctx, { accountId: line.accountId, sim: line.id });
  return records.map(({ kind, at, bytesUp, bytesDown, units, country, network }) => [
    kind,
    at.toISOString().slice(0, 19),
    ...[bytesUp, bytesDown, units].map(Number),
    country,
    network,
  ]);
}

test('a file of records with ids is counted, whatever its separator and the names of its columns', async () => {
  const line = await openLine();
  const comma = `Record ID,ICCID,Type,End Time,Upload,Download,MCC,MNC
a1,${line.iccid},data,2026-11-20T10:00:00Z,10,20,262,01
a2,${line.iccid},MO SMS,2026-11-20 10:05:00,,,262,01
`;
  const semicolon = `\ufeffcdr_id;imsi;service;end_timestamp;volume_tx;volume_rx;duration;plmn;country\r
b1;${line.imsi};GPRS;20261120120000;1;2;;262-01;\r
b2;${line.imsi};"Voice; MT";20-11-2026 13:00:00+01:00;;;61;;nl\r
`;
  assert.equal((await importFor(line, comma)).counted, 2);
  assert.equal((await importFor(line, semicolon)).counted, 2);
  assert.deepEqual(await recordsOf(line), [
    ['voice', '2026-11-20T12:00:00', 0, 0, 61, 'NL', null],
    ['data', '2026-11-20T12:00:00', 1, 2, 0, 'DE', '26201'],
    ['sms', '2026-11-20T10:05:00', 0, 0, 1, 'DE', '26201'],
    ['data', '2026-11-20T10:00:00', 10, 20, 0, 'DE', '26201'],
  ]);
});

test('a file that comes again, or overlaps with another, counts each row once, with ids and without', async () => {
  const line = await openLine();
  const row = (id: string, minute: number) => `${id},${line.iccid},2026-11-20T10:${minute}:00Z,100`;
  const head = 'id,iccid,time,total';
  for (const rows of [
    [row('a', 10), row('', 11), row('', 12)],
    [row('a', 10), row('', 11), row('', 12)],
    [row('', 12), row('', 13), row('b', 14)],
  ])
    await importFor(line, [head, ...rows].join('\n'));
  assert.deepEqual(await bytesLeft(ctx, line), [1_000_000_000n - 500n]);
});

test('volumes are read in the unit of the file, exactly, and a total counts as download', async () => {
  const line = await openLine();
  await importFor(line, `iccid,time,volume\n${line.iccid},2026-11-20T10:00:00Z,1.234567`, { unit: 'MB' });
  await importFor(line, `iccid,time,up,down\n${line.iccid},2026-11-20T11:00:00Z,1.5,0.0001`, { unit: 'KiB' });
  assert.deepEqual(await recordsOf(line), [
    ['data', '2026-11-20T11:00:00', 1_536, 1, 0, null, null],
    ['data', '2026-11-20T10:00:00', 0, 1_234_567, 0, null, null],
  ]);
});

test('times without a zone are in that of the file', async () => {
  const line = await openLine();
  await importFor(line, `iccid\tdate\tvolume\n${line.iccid}\t20.11.2026 10:00:00\t1`, { zone: '+02:00' });
  assert.deepEqual(
    (await recordsOf(line)).map((record) => (record as string[])[1]),
    ['2026-11-20T08:00:00'],
  );
});

test('bad rows are named by their line, and the others are counted', async () => {
  const line = await openLine();
  const other = await openLine();
  const good = `${line.iccid},data,2026-11-20T10:00:00Z`;
  const file = `iccid,type,time,total
${good},100
,data,2026-11-20T10:00:00Z,100
${line.iccid},fax,2026-11-20T10:00:00Z,100
${line.iccid},data,yesterday,100
${line.iccid},data,2026-02-30T10:00:00Z,100

${good},-5
${good},1.5e3
${good},99999999999999999
${line.iccid},data,2025-11-20T10:00:00Z,100
${other.iccid},data,2026-11-20T10:00:00Z,100
${good}
${line.iccid},data
`;
  const { rows, counted, refusedCount, refused } = await importFor(line, file);
  assert.deepEqual([rows, counted, refusedCount], [12, 2, 10]);
  assert.deepEqual(
    refused.map((fault) => [fault.line, fault.code]),
    [3, 4, 5, 6, 8, 9, 10, 11, 12, 14].map((number) => [
      number,
      number === 12 ? 'not_found' : 'invalid_request',
    ]),
  );
  assert.match(refused[1]!.detail, /unknown type "fax"/);
});

test('only the first 100 faults are named', async () => {
  const line = await openLine();
  const { refusedCount, refused } = await importFor(line, `iccid,time,total\n${',,\n'.repeat(150)}`);
  assert.deepEqual([refusedCount, refused.length], [150, 100]);
});

const noFiles: [name: string, text: string, field: string | undefined][] = [
  ['an empty file', '', undefined],
  ['a file without a SIM', 'time,total\n2026-11-20T10:00:00Z,1', 'line 1'],
  ['a file without amounts', 'iccid,time\n1,2', 'line 1'],
  ['an open quote', 'iccid,time,total\n"1,2,3\n', 'line 2'],
  ['a quote in the middle', 'iccid,time,total\n1"2,3,4\n', 'line 2'],
  ['a line without end', `iccid,time,total\n${'9'.repeat(20_000)}`, 'line 2'],
];
for (const [name, text, field] of noFiles) {
  test(`${name} is refused`, async () => {
    await assert.rejects(importFor(await openLine(), text), (error: any) => {
      assert.deepEqual([error.code, error.fields[0]?.field], ['invalid_request', field]);
      return true;
    });
  });
}

test('a file that is too large is refused before it is read', async () => {
  const line = await openLine();
  await assert.rejects(importFor(line, 'x'.repeat(16 * 1024 * 1024 + 1)), { code: 'body_too_large' });
  await assert.rejects(importFor(line, `iccid,time,total\n${'\n'.repeat(100_001)}`), {
    code: 'invalid_request',
  });
});

test('12,000 rows in any order are counted', async () => {
  const { lines, account } = await openLines(assigned, { count: 10 });
  const rows = Array.from({ length: 12_000 }, (_, index) => {
    const at = new Date(Date.parse('2026-11-15T00:00:00Z') + ((index * 7919) % 400_000) * 1_000);
    return `${lines[index % 10]!.iccid},${at.toISOString()},${index}`;
  });
  const file = {
    accountId: account.id,
    text: ['iccid,time,total', ...rows].join('\n'),
    unit: 'B',
    zone: 'Z',
  } as const;
  assert.equal((await importUsageCsv(ctx, file)).counted, 12_000);
  const left = (await Promise.all(lines.map((line) => bytesLeft(ctx, line)))).flat();
  const used = left.reduce((sum, each) => sum + (1_000_000_000n - each), 0n);
  assert.equal(used, (12_000n * 11_999n) / 2n);
});
