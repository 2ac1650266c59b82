// The one place where errors of PostgreSQL become ours: what a caller may know, and what only the log may.
import { AppError } from '../base/app_error.ts';
import type { ErrorCode } from '../base/error_codes.ts';
import { isStalePlan } from './prepared_dialect.ts';

/**
 * `error` as an AppError when it came from PostgreSQL or the way to it, else unchanged (an AppError stays itself).
 * `internal` names SQLSTATE, table and constraint; no value of a row is in the public words.
 */
export function translatePgError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const state = stateOf(error);
  const known =
    (state === undefined ? undefined : (translations[state] ?? translations[state.slice(0, 2)])) ??
    (connectionMessages.test(error.message) ? unavailable : undefined);
  if (!known) return error;
  return new AppError(known.code, known.detail, {
    internal: describe(error),
    cause: error,
    ...(known.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
  });
}

/** True when the whole transaction may simply be run again: 40001, 40P01, or a plan made stale by a migration. */
export function isRetryable(error: unknown): boolean {
  const found = error instanceof AppError ? error.cause : error;
  const state = stateOf(found);
  return state === '40001' || state === '40P01' || (found instanceof Error && isStalePlan(found));
}

/** The constraint that a statement violated (SQLSTATE class 23), if that is what happened. */
export function violatedConstraint(error: unknown): string | undefined {
  const found = error instanceof AppError ? error.cause : error;
  return stateOf(found)?.startsWith('23') ? (found as PgError).constraint : undefined;
}

/** SQLSTATE. Other errors have codes of other kinds, numbers among them. */
function stateOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

type PgError = Error & { code?: string; constraint?: string; table?: string; schema?: string };
type Translation = { code: ErrorCode; detail?: string; retryAfterSeconds?: number };

const unavailable: Translation = {
  code: 'unavailable',
  detail: 'The database cannot be reached now.',
  retryAfterSeconds: 5,
};
const busy: Translation = {
  code: 'unavailable',
  detail: 'Others are changing the same things. Try again.',
  retryAfterSeconds: 1,
};

/** By SQLSTATE (PostgreSQL manual, appendix A), by its class (two characters), or by the code of a socket error. */
const translations: Record<string, Translation> = {
  '23505': { code: 'conflict', detail: 'This already exists.' },
  '23P01': { code: 'conflict', detail: 'This overlaps with something that already exists.' },
  '23503': {
    code: 'conflict',
    detail: 'This refers to something that does not exist, or is still referred to.',
  },
  '23514': { code: 'invalid_request', detail: 'A value is outside of what is allowed.' },
  '23502': { code: 'invalid_request', detail: 'A required value is missing.' },
  '22001': { code: 'invalid_request', detail: 'A text is too long.' },
  '22003': { code: 'invalid_request', detail: 'A number is too large.' },
  '22P02': { code: 'invalid_request', detail: 'A value does not have the form of its type.' },
  '22021': { code: 'invalid_request', detail: 'A text contains a character that cannot be stored.' },
  '22P05': { code: 'invalid_request', detail: 'A text contains a character that cannot be stored.' },
  '25P03': busy,
  '40001': busy,
  '40P01': busy,
  '55P03': busy,
  '57014': { code: 'unavailable', detail: 'The database took too long.', retryAfterSeconds: 5 },
  '08': unavailable,
  '53': unavailable,
  '57': unavailable,
  '28': { code: 'unavailable', detail: 'The database refuses the credentials of this server.' },
  '3D000': { code: 'unavailable', detail: 'The database named in the connection string does not exist.' },
  ECONNREFUSED: unavailable,
  ECONNRESET: unavailable,
  ENOENT: unavailable,
  EPIPE: unavailable,
  ETIMEDOUT: unavailable,
  EHOSTUNREACH: unavailable,
  ENOTFOUND: unavailable,
  EAI_AGAIN: unavailable,
};

const connectionMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

function describe({ code, message, schema, table, constraint }: PgError): string {
  const place = [schema, table, constraint].filter(Boolean).join('.');
  return `${code ?? 'no code'}${place ? ` on ${place}` : ''}: ${message}`;
}
