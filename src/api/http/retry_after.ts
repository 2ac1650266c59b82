// A client that comes too early, or while we are busy, is always told when to come again: in whole seconds, one at least.
import type { FastifyReply } from 'fastify';
import type { AppError } from '../../base/app_error.ts';

/** Adds `Retry-After` to an answer with 429 or 503; to any other nothing. */
export function writeRetryAfter(
  reply: FastifyReply,
  status: number,
  { retryAfterSeconds = 1 }: Pick<AppError, 'retryAfterSeconds'>,
): void {
  if (status !== 429 && status !== 503) return;
  reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))));
}
