import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutgoingAnswer } from '../outgoing/send_request.ts';
import { askedWaitMs, longestWaitMs, waitMs } from './backoff.ts';
import type { ClaimedDelivery } from './claim_deliveries.ts';
import { createHostSlots } from './host_slots.ts';
import { judgeAnswer } from './outcome.ts';

const hourMs = 3_600_000;

test('the longest wait triples from 5 seconds to 3 hours', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20].map(longestWaitMs);
  assert.deepEqual(
    waits,
    [5, 15, 45, 135, 405, 1_215, 3_645, 10_800, 10_800, 10_800].map((s) => s * 1000),
  );
});

test('a wait is anything between a second and the longest one', () => {
  for (let attempts = 1; attempts <= 12; attempts++) {
    assert.equal(
      waitMs(attempts, () => 0),
      1_000,
    );
    assert.equal(
      waitMs(attempts, () => 0.5),
      longestWaitMs(attempts) / 2,
    );
    const waits = Array.from({ length: 200 }, () => waitMs(attempts, Math.random));
    assert.ok(Math.min(...waits) >= 1_000 && Math.max(...waits) <= longestWaitMs(attempts));
    assert.ok(new Set(waits).size > 50, 'they differ');
  }
});

test('Retry-After is heeded for 429 and 503, in seconds or as a date, up to an hour', () => {
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  const cases: [number, Record<string, string>, number | undefined][] = [
    [429, { 'retry-after': '7' }, 7_000],
    [503, { 'retry-after': '7200' }, hourMs],
    [503, { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT', date }, 30_000],
    [503, { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT', date }, undefined],
    [503, { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, undefined],
    [503, { 'retry-after': 'soon' }, undefined],
    [503, { 'retry-after': '-5' }, undefined],
    [503, { 'retry-after': '0' }, undefined],
    [503, {}, undefined],
    [500, { 'retry-after': '7' }, undefined],
  ];
  for (const [status, headers, ms] of cases) assert.equal(askedWaitMs({ ...failed, status, headers }), ms);
});

test('an attempt becomes the next one, until its day is over: then it is parked', () => {
  const parksAt = new Date('2026-11-22T12:00:00Z');
  const claimed = { delivery: { attempts: 3, parksAt } } as ClaimedDelivery;
  const judge = (now: string, answer = failed) =>
    judgeAnswer(claimed, answer, { sentAt: new Date(now), now: new Date(now), random: () => 1 });
  const early = judge('2026-11-21T13:00:00Z');
  assert.deepEqual(
    [early.state, early.nextAttemptAt],
    ['pending', new Date(Date.parse('2026-11-21T13:00:00Z') + 135_000)],
  );
  const near = judge('2026-11-22T11:59:00Z');
  assert.deepEqual([near.state, near.nextAttemptAt], ['pending', parksAt]);
  assert.deepEqual(judge('2026-11-22T12:00:00Z').state, 'parked');
  assert.deepEqual(judge('2026-11-22T12:00:00Z', { ...failed, error: null }).state, 'delivered');
  const gone = judge('2026-11-21T13:00:00Z', { ...failed, status: 410 });
  assert.deepEqual([gone.state, gone.isTargetGone], ['dropped', true]);
});

test('a host that does not answer gets one place, and all of them again when it answers', () => {
  const slots = createHostSlots(8);
  for (let count = 0; count < 3; count++) slots.take('a');
  assert.deepEqual([slots.freeOf().get('a'), slots.isDead('a')], [5, false]);
  slots.noteAnswer('a', false);
  assert.deepEqual([slots.freeOf().get('a'), slots.isDead('a')], [0, true]);
  for (let count = 0; count < 3; count++) slots.giveBack('a');
  const free = [];
  for (let count = 0; count < 3; count++) {
    free.push(slots.freeOf().get('a'));
    slots.noteAnswer('a', true);
  }
  assert.deepEqual([free, slots.freeOf().has('a')], [[1, 2, 4], false]);
});

test('a free place matters only where a claim took all there were', () => {
  const slots = createHostSlots(2);
  for (const host of ['a', 'a', 'b', 'c', 'c']) slots.take(host);
  slots.noteClaim(['a', 'a', 'b'], new Map([['c', 0]]));
  assert.deepEqual(
    ['a', 'b', 'c'].map((host) => slots.giveBack(host)),
    [true, false, true],
  );
});

const failed: OutgoingAnswer = { status: 500, headers: {}, text: '', error: 'answered 500', durationMs: 1 };
