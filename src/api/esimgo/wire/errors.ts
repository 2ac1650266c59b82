// Errors as the vendor writes them: a status for each code of the core, and a message that says what to do.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppError, FieldError } from '../../../base/app_error.ts';
import { type ErrorCode, errorCodes } from '../../../base/error_codes.ts';
import type { Core } from '../../http/core.ts';
import { logFailure } from '../../http/log_failure.ts';
import { writeRetryAfter } from '../../http/retry_after.ts';
import { translateHttpError } from '../../http/translate_http_error.ts';
import { writeFieldName } from './field_names.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    esimGo?: {
      fieldNames: Readonly<Record<string, string>>;
      /** See `textErrors` of a route. */
      textErrors: boolean;
    };
  }
}

/**
 * HTTP status by our code. The vendor declares 400, 403, 429, 500 and 503 for all that reaches an operation; what does
 * not has the status of HTTP. `words` stand in for those of the core where it has nothing particular to say.
 */
export const esimGoErrors = {
  invalid_request: { status: 400 },
  malformed_json: { status: 400 },
  body_too_large: { status: 413, words: 'The body is too large. Send at most 1 MiB.' },
  unsupported_media_type: { status: 415, words: 'Send the body as application/json.' },
  unauthenticated: { status: 403, words: 'access denied', reason: 'unknown_key' },
  forbidden: { status: 403, words: 'access denied', reason: 'forbidden' },
  not_found: {
    status: 400,
    words: 'Your organisation has nothing by this name. Check the ICCID, name or reference.',
  },
  method_not_allowed: { status: 405 },
  conflict: { status: 400 },
  name_taken: { status: 400 },
  status_not_allowed: { status: 400 },
  status_scheduled: { status: 400 },
  registration_refused: { status: 400 },
  idempotency_key_reused: {
    status: 400,
    words: 'This Idempotency-Key was used before with another request. Give each order a key of its own.',
  },
  unknown_product: {
    status: 400,
    words: 'There is no such bundle. Names are case-sensitive: take them from the catalogue.',
  },
  unknown_profile_type: { status: 400 },
  currency_mismatch: { status: 400 },
  price_changed: { status: 400, words: 'The price has changed. Validate the order again.' },
  insufficient_funds: {
    status: 400,
    words: 'The balance does not cover this order. Top up the balance of the organisation.',
  },
  stock_empty: { status: 400, words: 'No eSIM for this bundle is in stock. Try again later.' },
  order_not_cancellable: { status: 400 },
  bundle_not_compatible: {
    status: 400,
    words: 'The bundle cannot be used on this eSIM. Set allowReassign to get a new eSIM in its place.',
  },
  invalid_profile_package: { status: 400 },
  duplicate_iccid: { status: 400 },
  rate_limited: { status: 429 },
  unavailable: { status: 503 },
  malformed_der: { status: 400 },
  invalid_certificate: { status: 400 },
  internal: { status: 500 },
} as const satisfies Record<ErrorCode, { status: number; words?: string; reason?: string }>;

/** A refusal in the vendor's own words, where no code of the core stands for it. */
export class EsimGoRefusal extends Error {
  override readonly name = 'EsimGoRefusal';
  readonly status: number;
  /** For programs. */
  readonly reason: string | undefined;
  /** Further members of the body. */
  readonly more: Record<string, string>;

  constructor(status: number, message: string, reason?: string, more: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.more = more;
  }
}

/** Answers every error of `app` in the vendor's form, and logs those that are ours. */
export function answerEsimGoErrors(app: FastifyInstance, core: Core): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof EsimGoRefusal) return sendRefusal(request, reply, error);
    const translated = translateHttpError(error);
    logFailure(core, request, translated, esimGoErrors[translated.code].status);
    return sendEsimGoError(request, reply, translated);
  });
}

/** Sends `error` in the vendor's form. */
export function sendEsimGoError(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  const { status, reason } = { reason: undefined, ...esimGoErrors[error.code] };
  writeRetryAfter(reply, status, error);
  return sendRefusal(request, reply, new EsimGoRefusal(status, messageOf(request, error), reason));
}

function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, message, reason, more }: EsimGoRefusal,
): FastifyReply {
  const isText = request.routeOptions?.config?.esimGo?.textErrors === true;
  return reply
    .code(status)
    .header('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json')
    .send(JSON.stringify({ message, ...(reason !== undefined && { reason }), ...more }));
}

function messageOf(request: FastifyRequest, { code, detail, fields }: AppError): string {
  const { words = detail } = { words: undefined, ...esimGoErrors[code] };
  const message = detail === errorCodes[code] ? words : detail;
  if (fields.length === 0) return message;
  const own = request.routeOptions?.config?.esimGo?.fieldNames;
  const faults = `${fields.map((fault) => writeFault(fault, own)).join('; ')}.`;
  return fields.some((each) => detail.includes(each.detail)) ? faults : `${message} ${faults}`;
}

function writeFault({ field, detail }: FieldError, own?: Readonly<Record<string, string>>): string {
  return `${writeFieldName(field, own)}: ${detail}`;
}
