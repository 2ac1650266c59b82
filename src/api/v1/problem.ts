// Errors as RFC 9457 problem details: one status and one page for each code of the core.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppError } from '../../base/app_error.ts';
import { type ErrorCode, errorCodes } from '../../base/error_codes.ts';
import type { Core } from '../http/core.ts';
import { logFailure } from '../http/log_failure.ts';
import { translateHttpError } from '../http/translate_http_error.ts';

/** HTTP status by code. */
export const problemStatuses = {
  invalid_request: 400,
  malformed_json: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  name_taken: 409,
  status_not_allowed: 409,
  status_scheduled: 409,
  registration_refused: 409,
  idempotency_key_reused: 409,
  unknown_product: 404,
  unknown_profile_type: 404,
  currency_mismatch: 400,
  price_changed: 409,
  insufficient_funds: 402,
  stock_empty: 409,
  order_not_cancellable: 409,
  bundle_not_compatible: 409,
  invalid_profile_package: 400,
  duplicate_iccid: 409,
  rate_limited: 429,
  unavailable: 503,
  malformed_der: 400,
  invalid_certificate: 400,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

export const problemMediaType = 'application/problem+json';

/** Answers every error of `app` as a problem, and logs those that are ours. */
export function answerProblems(app: FastifyInstance, core: Core): void {
  app.setErrorHandler((error, request, reply) => {
    const translated = translateHttpError(error);
    logFailure(core, request, translated, problemStatuses[translated.code]);
    return sendProblem(reply, translated, request.id);
  });
}

/** Sends `error` as a problem. */
export function sendProblem(reply: FastifyReply, error: AppError, requestId: string): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply
    .code(problemStatuses[error.code])
    .header('content-type', problemMediaType)
    .send(JSON.stringify(writeProblem(error, requestId)));
}

/** The members of RFC 9457, and ours: `code`, `fields`, `requestId`. */
export function writeProblem(error: AppError, requestId: string) {
  return {
    type: problemPage(error.code),
    title: errorCodes[error.code],
    status: problemStatuses[error.code],
    code: error.code,
    detail: error.detail,
    ...(error.fields.length > 0 && { fields: error.fields }),
    requestId,
  };
}

/** The page that explains a code. */
export function problemPage(code: string): string {
  return `/docs/errors/${code}`;
}
