import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { clockOffsetMs, setClock } from '../../accounts/index.ts';
import type { Sim } from '../../sims/index.ts';
import { listUsageRecords, noteAccounting, type RadiusAccounting } from '../index.ts';
import { bytesLeft, openLines } from '../test_lines.ts';

const database = await testDatabase();
const assigned = testCtx(database, new Date('2026-11-01T00:00:00Z'));
const ctx = testCtx(database, new Date('2026-11-21T14:00:00Z'));
const started = Date.parse('2026-11-21T10:00:00Z');
const at = (seconds: number) => new Date(started + seconds * 1_000);
const wrap = 2n ** 32n;

/** A line and a session of it, whose packets are sent by status, second and totals. */
async function openSession(nas = 'pgw1') {
  const line = (await openLines(assigned)).lines[0]!;
  const sessionId = `s-${line.iccid}`;
  const send = (
    status: RadiusAccounting['status'],
    second: number,
    [input, output]: [bigint | null, bigint | null] = [null, null],
    more: Partial<RadiusAccounting> = {},
  ) =>
    noteAccounting(ctx, {
      nas,
      sessionId,
      status,
      imsi: line.imsi,
      at: at(second),
      inputOctets: input,
      outputOctets: output,
      gigawordsPresent: false,
      mcc: '262',
      mnc: '01',
      framedIp: null,
      ...more,
    });
  return { line, send, sessionId };
}

async function usedBy(line: Sim): Promise<[up: bigint, down: bigint][]> {
  const { records } = await listUsageRecords(ctx, { accountId: line.accountId, sim: line.id });
  return records.toReversed().map(({ bytesUp, bytesDown }) => [bytesUp, bytesDown]);
}

test('totals of a session become what was used between its packets', async () => {
  const { line, send } = await openSession();
  assert.equal(await send('start', 0), 'counted');
  assert.equal(await send('interim', 300, [10n, 1_000n]), 'counted');
  assert.equal(await send('interim', 600, [10n, 1_500n]), 'counted');
  assert.equal(await send('stop', 700, [30n, 2_000n]), 'counted');
  assert.deepEqual(await usedBy(line), [
    [10n, 1_000n],
    [0n, 500n],
    [20n, 500n],
  ]);
  assert.deepEqual(await bytesLeft(ctx, line), [1_000_000_000n - 2_030n]);
});

test('a packet that comes again, or late, counts nothing', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('interim', 300, [0n, 1_000n]);
  await send('stop', 600, [0n, 2_000n]);
  assert.equal(await send('stop', 600, [0n, 2_000n]), 'repeated');
  assert.equal(await send('interim', 300, [0n, 1_000n]), 'repeated');
  assert.equal(await send('start', 0), 'repeated');
  assert.deepEqual(await usedBy(line), [
    [0n, 1_000n],
    [0n, 1_000n],
  ]);
});

test('two packets of the same second that changed places are no wrap', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('stop', 300, [0n, 2_000n]);
  assert.equal(await send('interim', 300, [0n, 1_000n]), 'repeated');
  assert.deepEqual(await usedBy(line), [[0n, 2_000n]]);
});

test('a session without a Start is opened by its first packet, from zero', async () => {
  const { line, send } = await openSession();
  assert.equal(await send('interim', 300, [1n, 2n]), 'counted');
  assert.deepEqual(await usedBy(line), [[1n, 2n]]);
});

test('counters that wrap without gigawords are counted over the wrap, again and again', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('interim', 300, [0n, wrap - 100n]);
  await send('interim', 600, [0n, 50n]);
  await send('interim', 900, [0n, wrap - 1n]);
  await send('stop', 1_200, [0n, 9n]);
  assert.deepEqual(
    (await usedBy(line)).map(([, down]) => down),
    [wrap - 100n, 150n, wrap - 51n, 10n],
  );
});

test('counters with gigawords are whole, also when they begin after the first wrap', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('interim', 300, [0n, wrap - 100n]);
  await send('interim', 600, [0n, wrap + 50n], { gigawordsPresent: true });
  assert.deepEqual(
    (await usedBy(line)).map(([, down]) => down),
    [wrap - 100n, 150n],
  );
});

test('a counter with gigawords that goes back counts nothing, is told to the log, and goes on from where it stood', async () => {
  const { line, send } = await openSession();
  const warnings: object[] = [];
  const warn = (fields: object) => void warnings.push(fields);
  await send('interim', 300, [0n, wrap + 50n], { gigawordsPresent: true });
  await send('interim', 500, [0n, wrap + 60n], { gigawordsPresent: true });
  const packet = {
    nas: 'pgw1',
    sessionId: `s-${line.iccid}`,
    status: 'interim',
    imsi: line.imsi,
    at: at(600),
  } as const;
  const rest = {
    inputOctets: 0n,
    outputOctets: 10n,
    gigawordsPresent: true,
    mcc: null,
    mnc: null,
    framedIp: null,
  };
  await noteAccounting({ ...ctx, log: { ...ctx.log, warn } }, { ...packet, ...rest });
  assert.equal(warnings.length, 1);
  await send('stop', 900, [0n, wrap + 70n], { gigawordsPresent: true });
  assert.deepEqual(
    (await usedBy(line)).map(([, down]) => down),
    [wrap + 50n, 10n, 10n],
  );
});

test('counters beyond all reason count nothing, and do not keep the session from being answered', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  assert.equal(await send('interim', 300, [2n ** 63n, 2n ** 64n], { gigawordsPresent: true }), 'counted');
  await send('interim', 600, [1n, 1n], { gigawordsPresent: true });
  assert.deepEqual(await usedBy(line), [[1n, 1n]]);
});

test('a Start with the same id after a Stop is a new session', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('stop', 300, [0n, 1_000n]);
  await send('start', 600);
  await send('stop', 900, [0n, 700n]);
  assert.deepEqual(await usedBy(line), [
    [0n, 1_000n],
    [0n, 700n],
  ]);
});

test('an id in use again is counted from zero, whether its Stop or its Start was lost', async () => {
  const lostStop = await openSession();
  await lostStop.send('start', 0);
  await lostStop.send('interim', 300, [0n, 1_000n]);
  await lostStop.send('start', 600);
  await lostStop.send('interim', 900, [0n, 700n]);
  assert.deepEqual(await usedBy(lostStop.line), [
    [0n, 1_000n],
    [0n, 700n],
  ]);
  const lostStart = await openSession();
  await lostStart.send('stop', 300, [0n, 1_000n]);
  await lostStart.send('interim', 900, [0n, 700n]);
  assert.deepEqual(await usedBy(lostStart.line), [
    [0n, 1_000n],
    [0n, 700n],
  ]);
});

test('an old Start under a new time does not count a session twice', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  await send('interim', 300, [0n, 1_000n]);
  await send('start', 310);
  await send('interim', 600, [0n, 1_200n]);
  assert.deepEqual(await usedBy(line), [
    [0n, 1_000n],
    [0n, 200n],
  ]);
});

test('a NAS that restarts ends its sessions that began before, and no others', async () => {
  const here = await openSession('pgw-restarts');
  const there = await openSession('pgw-stays');
  for (const { send } of [here, there]) await send('interim', 300, [0n, 1_000n]);
  assert.equal(await here.send('on', 600, undefined, { imsi: null, sessionId: 'boot' }), 'counted');
  assert.equal(await here.send('on', 600, undefined, { imsi: null, sessionId: 'boot' }), 'repeated');
  const open = await query<{ nas: string }>(
    ctx.db,
    "select nas from usage.radius_sessions where nas like 'pgw-%s' and ended_at is null",
  );
  assert.deepEqual(open, [{ nas: 'pgw-stays' }]);
  await here.send('interim', 900, [0n, 300n]);
  assert.deepEqual(await usedBy(here.line), [
    [0n, 1_000n],
    [0n, 300n],
  ]);
});

test('an unknown SIM is told apart; without an IMSI the SIM of the session counts', async () => {
  const { line, send } = await openSession();
  assert.equal(await send('start', 0, undefined, { imsi: '001019999999999' }), 'unknown');
  assert.equal(await send('start', 0, undefined, { imsi: null }), 'unknown');
  await send('start', 0);
  assert.equal(await send('interim', 300, [1n, 1n], { imsi: null }), 'counted');
  assert.deepEqual(await usedBy(line), [[1n, 1n]]);
});

test('a session id taken over by another SIM is counted for that SIM', async () => {
  const first = await openSession();
  const second = await openSession();
  await first.send('interim', 300, [0n, 1_000n]);
  await second.send('interim', 600, [0n, 1_500n], { sessionId: first.sessionId });
  assert.deepEqual([await usedBy(first.line), await usedBy(second.line)], [[[0n, 1_000n]], [[0n, 1_500n]]]);
});

test('names that are no text, a clock far off and a network that is none do not keep usage from being counted', async () => {
  const { line, send } = await openSession('\0\ud800');
  const odd = { sessionId: `\u0001${'x'.repeat(300)}`, mcc: 'abc', mnc: '1' };
  assert.equal(await send('interim', -365 * 86_400, [0n, 10n], odd), 'counted');
  const { records } = await listUsageRecords(ctx, { accountId: line.accountId, sim: line.id });
  assert.deepEqual(
    records.map(({ at: when, network, source }) => [when, network, source]),
    [[ctx.now, null, 'radius']],
  );
});

test('the same packet at once from two sides is counted once', async () => {
  const { line, send } = await openSession();
  await send('start', 0);
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('interim', 300, [0n, 1_000n])));
  assert.deepEqual(answers.toSorted(), ['counted', ...Array.from({ length: 7 }, () => 'repeated')]);
  assert.deepEqual(await usedBy(line), [[0n, 1_000n]]);
});

test('what a gateway tells by the wall clock is charged in the time of an account whose clock was moved', async () => {
  const { line, send } = await openSession();
  await write(ctx, {}, (tx) => setClock(tx, [line.accountId], new Date(Date.now() + 40 * 86_400_000)));
  const aheadMs = await clockOffsetMs(ctx, line.accountId);
  await send('start', 0);
  await send('stop', 60, [0n, 500n]);
  const { records } = await listUsageRecords(ctx, { accountId: line.accountId, sim: line.id });
  assert.deepEqual(
    records.map((record) => record.at.getTime()),
    [at(60).getTime() + aheadMs],
  );
});
