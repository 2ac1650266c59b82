import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { listBillingPeriods, noteUsage, simsDueWork, updateSim, type WantedStatus } from '../index.ts';
import { openLines } from '../test_lines.ts';
import { addMonths, endOfMonth } from './billing_period.ts';

const database = await testDatabase();
const ctx = testCtx(database, new Date('2026-01-31T10:00:00Z'));
const at = (time: string) => ({ ...ctx, now: new Date(time) });

const day = (time: Date | null) => time?.toISOString().slice(0, 10) ?? null;

async function periodsOf(lines: Lines, simId: string) {
  const periods = await listBillingPeriods(ctx, { accountId: lines.accountId, simId });
  return periods.reverse().map(({ kind, startsAt, endsAt }) => [kind, day(startsAt), day(endsAt)]);
}

type Lines = Awaited<ReturnType<typeof openLines>>;

const move = (lines: Lines, key: string, status: WantedStatus, time: string) =>
  write(at(time), {}, (tx) => updateSim(tx, { accountId: lines.accountId, key, status }));

const runDue = async (lines: Lines, time: string) => {
  while ((await simsDueWork.runDue(at(time), lines.accountId)) > 0);
};

test('months that end on the last day stay on it: 31 January, 28 February, 31 March', () => {
  const anchor = new Date('2026-01-31T10:00:00Z');
  const ends = [1, 2, 3, 4].map((months) => addMonths(anchor, months));
  assert.deepEqual(ends.map(day), ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  let start = anchor;
  for (const end of ends) {
    assert.deepEqual(endOfMonth(start, anchor), end);
    start = end;
  }
});

test('an active line has a period for each month, each told at its own time, none twice', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  await move(lines, sim.id, 'active', '2026-01-31T10:00:00Z');
  await runDue(lines, '2026-02-28T09:59:59Z');
  assert.equal((await periodsOf(lines, sim.id)).length, 2);
  await runDue(lines, '2026-02-28T10:00:00Z');
  await runDue(lines, '2026-05-01T00:00:00Z');
  assert.deepEqual((await periodsOf(lines, sim.id)).slice(1), [
    ['active', '2026-01-31', '2026-02-28'],
    ['active', '2026-02-28', '2026-03-31'],
    ['active', '2026-03-31', '2026-04-30'],
    ['active', '2026-04-30', '2026-05-31'],
  ]);
  const told = (await lines.events(sim.id)).filter(({ type }) => type === 'sim.billing_period_started');
  assert.deepEqual(
    told.map((event) => event.at.toISOString()),
    ['2026-01-31T10', '2026-02-28T10', '2026-03-31T10', '2026-04-30T10'].map((hour) => `${hour}:00:00.000Z`),
  );
});

test('a ready line becomes active by itself after three months, and its months follow', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  assert.equal(
    (await simsDueWork.nextDueAt(ctx, lines.accountId))?.toISOString(),
    '2026-04-30T10:00:00.000Z',
  );
  await runDue(lines, '2026-07-01T00:00:00Z');
  assert.deepEqual(await periodsOf(lines, sim.id), [
    ['ready', '2026-01-31', '2026-04-30'],
    ['active', '2026-04-30', '2026-05-30'],
    ['active', '2026-05-30', '2026-06-30'],
    ['active', '2026-06-30', '2026-07-30'],
  ]);
  const moved = (await lines.events(sim.id)).find(({ type }) => type === 'sim.status_changed');
  assert.deepEqual([moved?.data['to'], day(moved?.at ?? null)], ['active', '2026-04-30']);
});

test('a new line that becomes active at once has months only, and none before that', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine({ status: 'new' });
  assert.deepEqual(await periodsOf(lines, sim.id), []);
  await move(lines, sim.id, 'active', '2026-01-31T10:00:00Z');
  await runDue(lines, '2026-03-05T00:00:00Z');
  assert.deepEqual(await periodsOf(lines, sim.id), [
    ['active', '2026-01-31', '2026-02-28'],
    ['active', '2026-02-28', '2026-03-31'],
  ]);
});

test('a new line that is suspended has no period until it is active', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine({ status: 'new' });
  await move(lines, sim.id, 'inactive', '2026-01-31T10:00:00Z');
  await runDue(lines, '2026-07-05T00:00:00Z');
  assert.deepEqual(await periodsOf(lines, sim.id), []);
  await move(lines, sim.id, 'active', '2026-07-05T00:00:00Z');
  assert.deepEqual(await periodsOf(lines, sim.id), [['active', '2026-07-05', '2026-08-05']]);
});

test('billing periods are listed newest first, page by page in both directions', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  await runDue(lines, '2026-07-01T00:00:00Z');
  const of = { accountId: lines.accountId, simId: sim.id };
  const ids = (await listBillingPeriods(ctx, of)).map(({ id }) => id);
  assert.equal(ids.length, 4);
  const page = async (parts: object) =>
    (await listBillingPeriods(ctx, { ...of, ...parts })).map(({ id }) => id);
  assert.deepEqual(await page({ before: ids[0], limit: 2 }), ids.slice(1, 3));
  assert.deepEqual(await page({ after: ids[3], limit: 2 }), ids.slice(1, 3));
  assert.deepEqual(await page({ accountId: (await openLines(ctx)).accountId }), []);
});

test('an inactive line begins no period; active again within its month, it goes on with that month', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  await move(lines, sim.id, 'active', '2026-01-31T10:00:00Z');
  await move(lines, sim.id, 'inactive', '2026-02-10T00:00:00Z');
  assert.equal(await simsDueWork.nextDueAt(ctx, lines.accountId), null);
  await move(lines, sim.id, 'active', '2026-02-20T00:00:00Z');
  await runDue(lines, '2026-03-05T00:00:00Z');
  assert.deepEqual((await periodsOf(lines, sim.id)).slice(1), [
    ['active', '2026-01-31', '2026-02-28'],
    ['active', '2026-02-28', '2026-03-31'],
  ]);
});

test('a line that was inactive beyond its month begins a new count of months', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  await move(lines, sim.id, 'active', '2026-01-31T10:00:00Z');
  await move(lines, sim.id, 'inactive', '2026-02-10T00:00:00Z');
  await move(lines, sim.id, 'active', '2026-04-15T00:00:00Z');
  await runDue(lines, '2026-05-20T00:00:00Z');
  assert.deepEqual((await periodsOf(lines, sim.id)).slice(1), [
    ['active', '2026-01-31', '2026-02-28'],
    ['active', '2026-04-15', '2026-05-15'],
    ['active', '2026-05-15', '2026-06-15'],
  ]);
});

test('the bytes of a period are its own, and usage that ended before it began is not counted in it', async () => {
  const lines = await openLines(ctx);
  const sim = await lines.newLine();
  await move(lines, sim.id, 'active', '2026-01-31T10:00:00Z');
  const use = (now: string, bytes: bigint, ended = now) =>
    write(at(now), {}, (tx) =>
      noteUsage(tx, [
        {
          simId: sim.id,
          from: new Date(ended),
          at: new Date(ended),
          bytes,
          country: null,
          mcc: null,
          mnc: null,
        },
      ]),
    );
  await use('2026-02-01T00:00:00Z', 500n);
  assert.equal((await lines.see(sim.id)).periodBytes, 500n);
  // Nobody has run what is due: the usage itself begins the period.
  await use('2026-03-01T00:00:00Z', 70n);
  await use('2026-03-02T00:00:00Z', 1000n, '2026-02-27T00:00:00Z');
  assert.equal((await lines.see(sim.id)).periodBytes, 70n);
});

test('two nodes that run what is due begin each period once', async () => {
  const lines = await openLines(ctx);
  const made = await lines.newLines(30);
  await Promise.all([1, 2, 3, 4].map(() => runDue(lines, '2026-04-30T10:00:00Z')));
  for (const sim of made) assert.equal((await periodsOf(lines, sim.id)).length, 2);
});

test('what is due of one account leaves the lines of others alone', async () => {
  const [one, two] = [await openLines(ctx), await openLines(ctx)];
  const sim = await two.newLine();
  await one.newLine();
  await runDue(one, '2026-04-30T10:00:00Z');
  assert.equal((await two.see(sim.id)).status, 'ready');
  while ((await simsDueWork.runDue(at('2026-04-30T10:00:00Z'), null)) > 0);
  assert.equal((await two.see(sim.id)).status, 'active');
});
