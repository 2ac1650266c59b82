import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../base/log.ts';
import { runClaimLoop } from './claim.ts';

const quiet = { name: 'test', idleMs: 60_000, log: silentLog };

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; !done(); i++, await sleep(2)) assert.ok(i < 1000, 'not within 2 seconds');
}

test('it works until nothing is left, sleeps, and works again when woken', async () => {
  let [left, rounds] = [3, 0];
  const claimAndWork = async () => {
    rounds++;
    return left > 0 ? left-- : 0;
  };
  const loop = runClaimLoop({ ...quiet, claimAndWork });
  await until(() => rounds === 4);
  await sleep(20);
  assert.equal(rounds, 4);
  left = 1;
  loop.wake();
  await until(() => rounds === 6);
  await loop.stop();
});

test('a wake-up during a round that finds nothing is not lost', async () => {
  let rounds = 0;
  const loop = runClaimLoop({
    ...quiet,
    claimAndWork: async () => {
      rounds++;
      if (rounds === 1) loop.wake();
      await sleep(5);
      return 0;
    },
  });
  await until(() => rounds === 2);
  await sleep(20);
  assert.equal(rounds, 2);
  await loop.stop();
});

test('without a wake-up it looks again after idleMs', async () => {
  let rounds = 0;
  const claimAndWork = async () => {
    rounds++;
    return 0;
  };
  const loop = runClaimLoop({ ...quiet, idleMs: 10, claimAndWork });
  await until(() => rounds >= 3);
  await loop.stop();
});

test('rounds never overlap, and stop waits for the one under way', async () => {
  let [running, most, ended] = [0, 0, 0];
  const loop = runClaimLoop({
    ...quiet,
    claimAndWork: async () => {
      most = Math.max(most, ++running);
      await sleep(30);
      running--;
      ended++;
      return 1;
    },
  });
  loop.wake();
  loop.wake();
  await until(() => ended === 1);
  await loop.stop();
  assert.deepEqual([running, most, ended], [0, 1, 2]);
});

test('after errors it waits longer each time, is not hurried by wake-ups, and recovers', async (t) => {
  const rounds: number[] = [];
  const loop = runClaimLoop({
    ...quiet,
    claimAndWork: async () => {
      rounds.push(Date.now());
      if (rounds.length < 3) throw new Error('no');
      return 0;
    },
  });
  const waking = setInterval(() => loop.wake(), 5);
  t.after(() => clearInterval(waking));
  await until(() => rounds.length >= 3);
  const waits = rounds.slice(1, 3).map((at, index) => at - (rounds[index] ?? 0));
  assert.ok((waits[0] ?? 0) >= 190 && (waits[1] ?? 0) >= 390, String(waits));
  await loop.stop();
});

test('what comes while it rests after a small round goes together into the next; after a full one it does not rest', async () => {
  const waiting = [1, 100, 3];
  const rounds: { at: number; took: number }[] = [];
  const claimAndWork = async () => {
    const took = waiting.shift() ?? 0;
    rounds.push({ at: performance.now(), took });
    return took;
  };
  const loop = runClaimLoop({ ...quiet, claimAndWork, gather: { full: 100, ms: 30 } });
  await until(() => rounds.length === 4);
  await loop.stop();
  const pauses = rounds.slice(1).map(({ at }, index) => at - (rounds[index]?.at ?? 0));
  assert.deepEqual(
    pauses.map((ms) => ms >= 29),
    [true, false, true],
  );
});
