// Scheduled and occasional work: jobs are rows that appear with the transaction that asked for them, and run at least once.
import { type CronItem, Logger, parseCronItems, run, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Log } from '../base/log.ts';
import type { Ctx } from './ctx.ts';
import type { Database } from './database.ts';
import { query } from './query.ts';
import { translatePgError } from './translate_pg_error.ts';

export type JobOptions = {
  /** Not before this time. Now when left out. */
  runAt?: Date;
  /** Of waiting jobs with the same key only the last one added stays. */
  jobKey?: string;
  /** Tries before it is given up, waiting e^n seconds in between. */
  maxAttempts?: number;
};

/** Adds a job in the transaction of `ctx`: it exists if that commits. `payload` is JSON. */
export async function addJob(
  ctx: Ctx,
  name: string,
  payload: unknown,
  { runAt, jobKey, maxAttempts = attemptsMaxDefault }: JobOptions = {},
): Promise<void> {
  await query(
    ctx.db,
    `select from graphile_worker.add_job($1, payload := $2::json, run_at := $3::timestamptz, job_key := $4,
                                         max_attempts := $5::int)`,
    [name, JSON.stringify(payload ?? {}), runAt ?? null, jobKey ?? null, maxAttempts],
  );
}

/** A task gets the payload of its job and the job; it throws to be tried again. */
export type JobTask = (payload: unknown, job: { id: string; attempts: number }) => Promise<void>;

/** A task run by the clock: `match` is a crontab pattern in UTC, for example `0 3 * * *`. */
export type CronJob = { task: string; match: string };

export type JobsOptions = {
  database: Database;
  tasks: Record<string, JobTask>;
  cron?: readonly CronJob[];
  /** Jobs at the same time in this process. */
  concurrency?: number;
  log: Log;
};

const attemptsMaxDefault = 12;
const localQueueSize = 200;
const pollMs = 2000;

/**
 * Runs jobs of these names until stopped; a job that this process does not know is left to others. `stop` waits for
 * the jobs under way. A killed process leaves its jobs locked until graphile-worker frees them after 4 hours, so what
 * must be quick after a crash belongs in a claim loop, not here. Throws `unavailable` when the database is not there.
 */
export async function startJobs(options: JobsOptions): Promise<{ stop(): Promise<void> }> {
  const { concurrency = 4, log } = options;
  const pool = openJobsPool(options.database, concurrency, log);
  try {
    const runner = await run({
      pgPool: pool,
      concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      logger: workerLogger(log),
      taskList: taskListOf(options),
      parsedCronItems: parseCronItems((options.cron ?? []).map(cronItem)),
      // Measured: 2,000 jobs/s without these two, 20,000 with them.
      preset: { worker: { localQueue: { size: localQueueSize }, completeJobBatchDelay: 0 } },
    });
    // A worker that dies does so with a log line of its own; the promise must not end the process unheard.
    runner.promise.catch((error: unknown) => log.error({ error }, 'the job runner ended'));
    return { stop: () => runner.stop().finally(() => pool.end()) };
  } catch (error) {
    await pool.end();
    throw translatePgError(error);
  }
}

/** graphile-worker writes job ids as JSON, which our bigint cannot be, so it reads them its own way. */
function openJobsPool({ connectionString }: Database, concurrency: number, log: Log): pg.Pool {
  // One connection listens.
  const pool = new pg.Pool({ connectionString, application_name: 'overair jobs', max: concurrency + 1 });
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function taskListOf({ tasks }: JobsOptions): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload, { job }) => task(payload, { id: String(job.id), attempts: job.attempts }),
    ]),
  );
}

function cronItem({ task, match }: CronJob): CronItem {
  return { task, match, identifier: task, options: { maxAttempts: 3, jobKey: task, jobKeyMode: 'replace' } };
}

/** graphile-worker's logger over ours, its chatter at debug. */
export function workerLogger(log: Log): Logger {
  return new Logger((scope) => (level, message) => {
    if (level === 'error') log.error(scope, message);
    else if (level === 'warning') log.warn(scope, message);
    else log.debug(scope, message);
  });
}
