// What is answered when it is not a function that failed but the transport or we: an HTTP status, in the usual form.
import type { FastifyReply } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import type { ErrorCode } from '../../base/error_codes.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { translatePgError } from '../../pg/translate_pg_error.ts';
import { failedStatus } from '../../rsp/function_execution_status.ts';

/** 413 and the like as fastify found them, 401 and 403 for callers we do not serve, 503 when the database is away, 500 for everything else. */
export function writeServerFault(
  error: unknown,
  ctx: Pick<Ctx, 'log' | 'requestId'>,
  reply: FastifyReply,
): FastifyReply {
  const status = statusOf(error);
  if (status >= 500) ctx.log.error({ error, requestId: ctx.requestId }, 'RSP request failed');
  const code = status >= 500 ? 'execution_error' : 'message_invalid';
  const words = error instanceof AppError && status < 500 ? error.detail : undefined;
  return sendJson(reply, status, { header: { functionExecutionStatus: failedStatus(code, words) } });
}

/** As bytes, because to a text fastify would add a charset that `application/json` does not have. */
export function sendJson(reply: FastifyReply, status: number, answer: object): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(answer)));
}

const statuses: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  unavailable: 503,
};

function statusOf(thrown: unknown): number {
  // First what fastify found out about the request: a client that hangs up has the error code of a lost database.
  const { statusCode } = thrown as { statusCode?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return statusCode;
  const error = translatePgError(thrown);
  return error instanceof AppError ? (statuses[error.code] ?? 500) : 500;
}
