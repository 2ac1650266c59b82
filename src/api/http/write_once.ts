// A change asked for over HTTP: in one transaction, and at most once for an Idempotency-Key.
import { inputHashOf, write } from '../../pg/write.ts';
import type { Ctx } from './core.ts';

/**
 * Runs `run` in a transaction. With a key, a repetition gets the first answer; throws `idempotency_key_reused` when
 * the key came with another `input` before.
 */
export function writeOnce<T>(ctx: Ctx, once: Once, run: (tx: Ctx) => Promise<T>): Promise<T> {
  const { accountId, operation, key, input } = once;
  if (key === undefined) return write(ctx, {}, run);
  return write(ctx, { idempotency: { accountId, operation, key, inputHash: inputHashOf(input) } }, run);
}

export type Once = {
  accountId: string;
  /** The operation that the key belongs to, for example `balance.top_up`. */
  operation: string;
  key: string | undefined;
  /** All that decides about the answer. */
  input: unknown;
};
