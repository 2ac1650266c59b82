// An idempotency key has one effect: the first call runs and stores its answer, every later one gets that answer.
import { AppError } from '../base/app_error.ts';
import { sameBytes } from '../base/bytes.ts';
import type { Ctx } from './ctx.ts';
import { readExactJson, writeExactJson } from './exact_json.ts';
import { query } from './query.ts';

export type Idempotency = {
  accountId: string;
  /** The operation the key belongs to: the same key may be used once in each. */
  operation: string;
  key: string;
  /** `inputHashOf` everything that decides about the answer. */
  inputHash: Uint8Array;
};

/**
 * Runs `run` in the transaction of `ctx` unless this key has an answer, and stores what it gave. A concurrent call with
 * the same key waits at the insert until this transaction ends. Throws `idempotency_key_reused` for another input.
 */
export async function answerOnce<T>(ctx: Ctx, once: Idempotency, run: () => Promise<T>): Promise<T> {
  if (!(await insertKey(ctx, once))) return (await readStoredAnswer(ctx, once)) as T;
  const answer = await run();
  await query(
    ctx.db,
    `update overair.idempotency_keys set answer = $4::json
      where account_id = $1 and operation = $2 and key = $3`,
    [once.accountId, once.operation, once.key, writeExactJson(answer)],
  );
  return answer;
}

/** Forgets keys made before `before`; at most `countMax` at a time. Gives how many were forgotten. */
export async function deleteOldIdempotencyKeys(ctx: Ctx, before: Date, countMax = 10_000): Promise<number> {
  const rows = await query(
    ctx.db,
    `delete from overair.idempotency_keys where ctid = any(array(
       select ctid from overair.idempotency_keys where created_at < $1 order by created_at limit $2
     )) returning 1`,
    [before, countMax],
  );
  return rows.length;
}

async function insertKey(ctx: Ctx, once: Idempotency): Promise<boolean> {
  const inserted = await query(
    ctx.db,
    `insert into overair.idempotency_keys (account_id, operation, key, input_hash) values ($1, $2, $3, $4)
     on conflict do nothing returning 1`,
    [once.accountId, once.operation, once.key, once.inputHash],
  );
  return inserted.length === 1;
}

async function readStoredAnswer(ctx: Ctx, once: Idempotency): Promise<unknown> {
  const [stored] = await query<{ input_hash: Buffer; answer: unknown }>(
    ctx.db,
    `select input_hash, answer from overair.idempotency_keys
      where account_id = $1 and operation = $2 and key = $3`,
    [once.accountId, once.operation, once.key],
  );
  if (!stored) throw new AppError('conflict', 'This Idempotency-Key has just expired. Use a new one.');
  if (!sameBytes(stored.input_hash, once.inputHash)) throw new AppError('idempotency_key_reused');
  return readExactJson(stored.answer);
}
