// Errors as the vendor writes them: a status and a code for each code of the core, and a link that explains it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppError, FieldError } from '../../../base/app_error.ts';
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Core } from '../../http/core.ts';
import { logFailure } from '../../http/log_failure.ts';
import { translateHttpError } from '../../http/translate_http_error.ts';
import type { Caller } from '../route.ts';
import { callerDialect } from '../sign_in/caller_dialect.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Codes of one operation in place of those of the table. */
    superSimCodes?: Partial<Record<ErrorCode, number>>;
  }
}

/** HTTP status and vendor's code by our code. */
export const superSimErrors = {
  invalid_request: { status: 400, code: 20001 },
  malformed_json: { status: 400, code: 20001 },
  body_too_large: { status: 413, code: 20001 },
  unsupported_media_type: { status: 415, code: 20001 },
  unauthenticated: { status: 401, code: 20003 },
  forbidden: { status: 403, code: 20006 },
  not_found: { status: 404, code: 20404 },
  method_not_allowed: { status: 405, code: 20004 },
  conflict: { status: 409, code: 83004 },
  name_taken: { status: 409, code: 83011 },
  status_not_allowed: { status: 409, code: 83010 },
  status_scheduled: { status: 409, code: 83009 },
  registration_refused: { status: 400, code: 83000 },
  idempotency_key_reused: { status: 409, code: 83004 },
  unknown_product: { status: 409, code: 83500 },
  unknown_profile_type: { status: 409, code: 83500 },
  currency_mismatch: { status: 400, code: 20001 },
  price_changed: { status: 409, code: 83004 },
  insufficient_funds: { status: 402, code: 20006 },
  stock_empty: { status: 409, code: 83500 },
  order_not_cancellable: { status: 409, code: 83004 },
  bundle_not_compatible: { status: 409, code: 83004 },
  invalid_profile_package: { status: 400, code: 20001 },
  duplicate_iccid: { status: 409, code: 83003 },
  rate_limited: { status: 429, code: 20429 },
  unavailable: { status: 503, code: 20503 },
  malformed_der: { status: 400, code: 20001 },
  invalid_certificate: { status: 400, code: 20001 },
  internal: { status: 500, code: 20500 },
} as const satisfies Record<ErrorCode, { status: number; code: number }>;

/** A refusal in the vendor's own words, where no code of the core stands for it. */
export class SuperSimRefusal extends Error {
  override readonly name = 'SuperSimRefusal';
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Answers every error of `app` in the vendor's form, and logs those that are ours. */
export function answerSuperSimErrors(app: FastifyInstance, core: Core): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof SuperSimRefusal) return sendRefusal(request, reply, error);
    const translated = translateHttpError(error);
    logFailure(core, request, translated, superSimErrors[translated.code].status);
    return sendSuperSimError(request, reply, translated);
  });
}

/** Sends `error` in the vendor's form. */
export function sendSuperSimError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return sendRefusal(request, reply, refusalOf(request, error));
}

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: SuperSimRefusal): FastifyReply {
  const { status, code, message } = refusal;
  const dialect = request.superSimCaller?.caller.dialect ?? callerDialect(request);
  const body = { code, message, more_info: `${errorPages[dialect]}${code}`, status };
  return reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body));
}

const errorPages: Record<Caller['dialect'], string> = {
  twilio: 'https://www.twilio.com/docs/errors/',
  kore: 'https://docs.korewireless.com/errors/',
};

function refusalOf(request: FastifyRequest, error: AppError): SuperSimRefusal {
  const { status, code } = superSimErrors[error.code];
  const special = request.routeOptions?.config?.superSimCodes?.[error.code];
  return new SuperSimRefusal(status, special ?? codeOf(error, code), messageOf(request, error));
}

/** 20002 when nothing is wrong but that something is missing. */
function codeOf({ code, fields }: AppError, usual: number): number {
  const isIncomplete = fields.length > 0 && fields.every(({ detail }) => detail === 'required');
  return code === 'invalid_request' && isIncomplete ? 20002 : usual;
}

function messageOf(request: FastifyRequest, { code, detail, fields }: AppError): string {
  if (fields.length > 0) {
    const faults = `${fields.map(writeFault).join('; ')}.`;
    const said = detail.toLowerCase();
    return fields.some((each) => said.includes(each.detail)) ? faults : `${detail} ${faults}`;
  }
  if (code === 'unsupported_media_type')
    return 'Send the body as application/x-www-form-urlencoded, not compressed.';
  return code === 'not_found' && namesResource(request)
    ? `The requested resource ${resourcePath(request)} was not found`
    : detail;
}

/** Where the path names what is there, that is what is missing; else it is something that the form named. */
function namesResource({ is404, routeOptions }: FastifyRequest): boolean {
  return is404 || routeOptions?.url === undefined || routeOptions.url.includes(':');
}

/** `/ESimProfiles/HP…`: below `/v1`, without query. */
function resourcePath({ originalUrl }: FastifyRequest): string {
  const path = originalUrl.split('?', 1)[0] ?? '';
  return path.replace(/^(https?:\/\/[^/]*)?(\/supersim)?(\/v1)?(?=\/)/i, '').slice(0, pathCharsMax);
}

const pathCharsMax = 200;

/** The vendor's names begin with a capital: `uniqueName` → `UniqueName`. */
function writeFault({ field, detail }: FieldError): string {
  return `${field.charAt(0).toUpperCase()}${field.slice(1)}: ${detail}`;
}
