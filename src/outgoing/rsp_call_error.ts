// Why a call of another server's RSP function gave nothing: whoever asks again must know whether that can help.

export type RspCallErrorKind = 'unreachable' | 'refused' | 'misbehaved';

/** What a server answered instead of doing it. */
export type RspRefusal = {
  status: 'Failed' | 'Expired';
  subjectCode: string;
  reasonCode: string;
  message?: string;
};

/**
 * `unreachable`: no whole answer came, and the call may or may not have been obeyed. `refused`: a proper answer with a
 * code pair. `misbehaved`: anything else that came, such as HTTP 403 or 500, with its code pair if there was one.
 */
export class RspCallError extends Error {
  readonly kind: RspCallErrorKind;
  /** The HTTP status, if an answer came. */
  readonly status?: number;
  readonly refusal?: RspRefusal;

  constructor(kind: RspCallErrorKind, message: string, more: RspCallErrorParts = {}) {
    super(message, { cause: more.cause });
    this.name = 'RspCallError';
    this.kind = kind;
    if (more.status !== undefined) this.status = more.status;
    if (more.refusal !== undefined) this.refusal = more.refusal;
  }
}

export type RspCallErrorParts = { status?: number; refusal?: RspRefusal; cause?: unknown };

/** A few words on what the network said, for people. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof AggregateError) return cause.errors.map(describeCause).join(', ');
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message || code || cause.name;
}
