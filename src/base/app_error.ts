// An error a caller can act on: a stable code, words for the public, and words only for the log.
import { type ErrorCode, errorCodes } from './error_codes.ts';

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** Public words: what is wrong and what to do. */
  readonly detail: string;
  /** Names of the fields at fault, each with its own public words. */
  readonly fields: FieldError[];
  /** For the log only. */
  readonly internal: string | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string = errorCodes[code], more: AppErrorDetails = {}) {
    super(`${code}: ${detail}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.fields = more.fields ?? [];
    this.internal = more.internal;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export type FieldError = { field: string; detail: string };

export type AppErrorDetails = {
  fields?: FieldError[];
  internal?: string;
  retryAfterSeconds?: number;
  cause?: unknown;
};
