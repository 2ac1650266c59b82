import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../base/app_error.ts';
import { silentLog } from '../base/log.ts';
import { createVault } from '../base/vault.ts';
import { systemCtx } from './ctx.ts';
import { addJob, type JobTask, startJobs } from './jobs.ts';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';
import { write } from './write.ts';

const database = await testDatabase();
const ctx = systemCtx(database, {
  vault: createVault([{ id: 1, key: Buffer.alloc(32, 1) }]),
  log: silentLog,
});
const waiting = async () =>
  (await query<{ task: string }>(database.kysely, 'select task_identifier as task from graphile_worker.jobs'))
    .length;

/** Runs jobs with `tasks` while `run` runs. */
async function withJobs(tasks: Record<string, JobTask>, run: () => Promise<void>): Promise<void> {
  const jobs = await startJobs({ database, tasks, log: silentLog });
  try {
    await run();
  } finally {
    await jobs.stop();
  }
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; !done(); i++, await sleep(10)) assert.ok(i < 500, 'not within 5 seconds');
}

test('a job runs when its transaction has committed, with its payload, and never when it was rolled back', async () => {
  const seen: unknown[] = [];
  await withJobs({ note: async (payload) => void seen.push(payload) }, async () => {
    const failing = write(ctx, {}, async (inner) => {
      await addJob(inner, 'note', { n: 0 });
      throw new AppError('conflict');
    });
    await assert.rejects(failing, { code: 'conflict' });
    await write(ctx, {}, async (inner) => {
      await addJob(inner, 'note', { n: 1 });
      await sleep(50);
      assert.deepEqual(seen, []);
    });
    await until(() => seen.length > 0);
    await sleep(50);
    assert.deepEqual(seen, [{ n: 1 }]);
  });
  assert.equal(await waiting(), 0);
});

test('of jobs with one key the last one runs, and a job for later waits', async () => {
  const seen: unknown[] = [];
  const hourAway = new Date(Date.now() + 3_600_000);
  await addJob(ctx, 'keyed', 1, { jobKey: 'k' });
  await addJob(ctx, 'keyed', 2, { jobKey: 'k' });
  await addJob(ctx, 'keyed', 3, { runAt: hourAway, jobKey: 'later' });
  await withJobs({ keyed: async (payload) => void seen.push(payload) }, async () => {
    await until(() => seen.length > 0);
    await sleep(50);
  });
  assert.deepEqual(seen, [2]);
  assert.equal(await waiting(), 1);
});

test('a task that throws is tried again', async () => {
  const attempts: number[] = [];
  const task: JobTask = async (_payload, job) => {
    attempts.push(job.attempts);
    if (attempts.length === 1) throw new Error('first time');
  };
  await addJob(ctx, 'fragile', {});
  await withJobs({ fragile: task }, () => until(() => attempts.length === 2));
  assert.deepEqual(attempts, [1, 2]);
});

test('stop waits for the job under way, and no signal handler of its own stays', async () => {
  const handlers = process.listenerCount('SIGTERM');
  let [begun, ended] = [false, false];
  const slow: JobTask = async () => {
    begun = true;
    await sleep(150);
    ended = true;
  };
  await addJob(ctx, 'slow', {});
  await withJobs({ slow }, async () => {
    assert.equal(process.listenerCount('SIGTERM'), handlers);
    await until(() => begun);
  });
  assert.ok(ended);
});

test('a cron pattern is taken, and a wrong one is refused at the start', async () => {
  const tasks = { nightly: async () => {} };
  const jobs = await startJobs({
    database,
    tasks,
    cron: [{ task: 'nightly', match: '0 3 * * *' }],
    log: silentLog,
  });
  await jobs.stop();
  await assert.rejects(
    startJobs({ database, tasks, cron: [{ task: 'nightly', match: 'soon' }], log: silentLog }),
  );
});
