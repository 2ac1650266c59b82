// The one door for writes: one transaction, at most one effect per idempotency key, bounded retries, hooks after commit.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ctx, Db } from './ctx.ts';
import { canonicalJson } from './exact_json.ts';
import { answerOnce, type Idempotency } from './idempotency.ts';
import { query, type Statement } from './query.ts';
import { isRetryable, translatePgError } from './translate_pg_error.ts';

export type WriteOptions = {
  /** Runs once for this key; a repetition gets the stored answer. Not looked at in a dry run. */
  idempotency?: Idempotency;
  /** Runs, gives the result, and leaves nothing behind. */
  dryRun?: boolean;
};

const attemptsMax = 4;
const retryWaitMsMax = 20;

/**
 * Runs `run` in a transaction and gives what it gave. The answer of a run with an idempotency key may hold whatever
 * JSON holds and bigint, Date and bytes. When `ctx.db` is a transaction already, this write joins it: it
 * is committed, retried and rolled back with the outer one, whose hooks its hooks become. `run` may run again after a
 * serialization failure or deadlock (at most 3 times), so its only effects must be in the database or in
 * `ctx.afterCommit`.
 * Throws what `run` throws, `idempotency_key_reused` when the key came with another input before, and database errors
 * as `translatePgError` says.
 */
export async function write<T>(ctx: Ctx, options: WriteOptions, run: (ctx: Ctx) => Promise<T>): Promise<T> {
  try {
    if (ctx.db.isTransaction) return await joinTransaction(ctx, options, run);
    return await retrying(ctx, () => inNewTransaction(ctx, options, run));
  } catch (error) {
    throw translatePgError(error);
  }
}

/** SHA-256 of `value` as canonical JSON (sorted keys; bigint, Date and bytes keep their kind): the `inputHash` of a key. */
export function inputHashOf(value: unknown): Uint8Array {
  return createHash('sha256').update(canonicalJson(value)).digest();
}

async function inNewTransaction<T>(
  ctx: Ctx,
  options: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  const hooks: (() => void)[] = [];
  const last: Statement[] = [];
  const tx = await ctx.db.startTransaction().execute();
  let ending: Promise<unknown> | undefined;
  try {
    const ends = {
      afterCommit: (hook: () => void) => void hooks.push(hook),
      alongCommit: (statement: Statement) => void last.push(statement),
    };
    const answer = await runIn(tx, ends, ctx, options, run);
    // One that fails makes PostgreSQL roll back instead of commit, and its own error is thrown.
    const sent = last.map(({ text, values }) => query(tx, text, values));
    ending = options.dryRun ? tx.rollback().execute() : tx.commit().execute();
    await Promise.all([...sent, ending]);
    if (!options.dryRun) for (const hook of hooks) runHook(ctx, hook);
    return answer;
  } catch (error) {
    await (ending ?? tx.rollback().execute()).catch(() => {});
    throw error;
  }
}

/** A dry run inside an outer transaction is undone to a savepoint; anything else simply runs in it. */
async function joinTransaction<T>(
  ctx: Ctx,
  options: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  if (!options.dryRun) return await runIn(ctx.db, ctx, ctx, options, run);
  await query(ctx.db, 'savepoint dry_run');
  try {
    return await runIn(ctx.db, { afterCommit: () => {}, alongCommit: () => {} }, ctx, options, run);
  } finally {
    await query(ctx.db, 'rollback to savepoint dry_run');
    await query(ctx.db, 'release savepoint dry_run');
  }
}

async function runIn<T>(
  db: Db,
  { afterCommit, alongCommit }: Pick<Ctx, 'afterCommit' | 'alongCommit'>,
  ctx: Ctx,
  { idempotency, dryRun }: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  const inner: Ctx = { ...ctx, db, afterCommit, alongCommit };
  if (!idempotency || dryRun) return await run(inner);
  return await answerOnce(inner, idempotency, () => run(inner));
}

async function retrying<T>(ctx: Ctx, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error) || attempts === attemptsMax) throw error;
      ctx.log.info({ requestId: ctx.requestId, attempts }, 'a write ran into another one and is tried again');
      await sleep(Math.random() * retryWaitMsMax * attempts);
    }
  }
}

/** What was written is on disk: a hook that fails cannot undo it, and must not hide it from the caller. */
function runHook(ctx: Ctx, hook: () => void): void {
  try {
    hook();
  } catch (error) {
    ctx.log.error({ error, requestId: ctx.requestId }, 'a hook after a commit failed');
  }
}
