// Whatever goes wrong in a request becomes an AppError: fastify's own refusals, the database's errors, and our faults.
import { AppError } from '../../base/app_error.ts';
import type { ErrorCode } from '../../base/error_codes.ts';
import { translatePgError } from '../../pg/translate_pg_error.ts';

/** `error` as an AppError; what nobody foresaw is `internal`, with the error as its cause. */
export function translateHttpError(error: unknown): AppError {
  // The socket of a client that goes away fails like that of a database.
  if (isAborted(error)) return new AppError('invalid_request', 'The request ended before its body did.');
  const translated = translatePgError(error);
  if (translated instanceof AppError) return translated;
  const refusal = readRefusal(translated);
  if (refusal) return refusal;
  return new AppError('internal', undefined, { cause: error });
}

function isAborted(error: unknown): boolean {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  return code === 'ECONNRESET' && statusCode === 400;
}

function readRefusal(error: unknown): AppError | undefined {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  const known = code === undefined ? undefined : refusals[code];
  if (known) return new AppError(known);
  // The JSON parser names the place of the fault.
  if (error instanceof SyntaxError && statusCode === 400)
    return new AppError('malformed_json', `The body is not valid JSON: ${message}.`);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('invalid_request', message);
  return undefined;
}

/** By the codes in fastify's error reference. */
const refusals: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
};
