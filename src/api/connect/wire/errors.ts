// Errors as the vendor writes them: a type, and every problem of the request as a message of its own.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '../../../base/app_error.ts';
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Core } from '../../http/core.ts';
import { logFailure } from '../../http/log_failure.ts';
import { writeRetryAfter } from '../../http/retry_after.ts';
import { translateHttpError } from '../../http/translate_http_error.ts';

const params = { status: 400, type: 'INVALID_REQUEST_PARAMS' } as const;
const message = { status: 400, type: 'INVALID_HTTP_MESSAGE' } as const;

/** Status and type by our code. The vendor documents 400, 401, 403 and 500; NOT_FOUND and what HTTP has besides is ours. */
export const connectErrors = {
  invalid_request: params,
  malformed_json: message,
  body_too_large: { status: 413, type: 'INVALID_HTTP_MESSAGE' },
  unsupported_media_type: { status: 415, type: 'INVALID_HTTP_MESSAGE' },
  unauthenticated: { status: 401, type: 'UNAUTHORISED' },
  forbidden: { status: 403, type: 'ACCESS_DENIED' },
  not_found: { status: 404, type: 'NOT_FOUND' },
  method_not_allowed: { status: 405, type: 'INVALID_HTTP_MESSAGE' },
  conflict: params,
  name_taken: params,
  status_not_allowed: params,
  status_scheduled: params,
  registration_refused: params,
  idempotency_key_reused: params,
  unknown_product: params,
  unknown_profile_type: params,
  currency_mismatch: params,
  price_changed: params,
  insufficient_funds: params,
  stock_empty: params,
  order_not_cancellable: params,
  bundle_not_compatible: params,
  invalid_profile_package: params,
  duplicate_iccid: params,
  rate_limited: { status: 429, type: 'TOO_MANY_REQUESTS' },
  unavailable: { status: 503, type: 'INTERNAL_ERROR' },
  malformed_der: params,
  invalid_certificate: params,
  internal: { status: 500, type: 'INTERNAL_ERROR' },
} as const satisfies Record<ErrorCode, { status: number; type: string }>;

/** Answers every error of `app` in the vendor's form, and logs those that are ours. */
export function answerConnectErrors(app: FastifyInstance, core: Core): void {
  app.setErrorHandler((error, request, reply) => {
    const translated = translateHttpError(error);
    logFailure(core, request, translated, connectErrors[translated.code].status);
    return sendConnectError(request, reply, translated);
  });
}

/** Sends `error` in the vendor's form. */
export function sendConnectError(
  _request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): FastifyReply {
  const { status, type } = connectErrors[error.code];
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="overair", error="invalid_token"');
  writeRetryAfter(reply, status, error);
  const faults = error.fields.map(({ field, detail }) => `${field}: ${detail}`);
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(JSON.stringify({ type, messages: faults.length > 0 ? faults : [error.detail] }));
}
