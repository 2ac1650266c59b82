// Why the device could not do what was asked, in words for a person, with the server's code pair when a server refused.
import type { CancelSessionReason } from '../rsp/es10/error_codes.ts';
import { rspErrorCodes } from '../rsp/rsp_error.ts';

/**
 * `refused_by_server`: the server answered Failed; `refused_by_card`: the eUICC did; `server_misbehaved`: an answer the
 * LPA must not go on with; `unreachable`: no answer; `cancelled`: by the user or for want of consent; `invalid_input`; `refused_by_network`: the
 * home network or the visited one did not let the line do it.
 */
export type DeviceErrorKind =
  | 'refused_by_server'
  | 'refused_by_card'
  | 'server_misbehaved'
  | 'unreachable'
  | 'cancelled'
  | 'invalid_input'
  | 'refused_by_network';

/** What a server said no to, and why (SGP.22 §5.2.6). */
export type Refusal = {
  functionName: string;
  status: string;
  subjectCode: string;
  reasonCode: string;
  subjectIdentifier?: string;
  message?: string;
};

/** What the eUICC said no to: its result code, of a download also the command it happened in. */
export type CardRefusal = { command: string; code: number; reason: string; bppCommandId?: number };

export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly kind: DeviceErrorKind;
  readonly refusal: Refusal | undefined;
  readonly cardRefusal: CardRefusal | undefined;
  /** With what reason the session has to be cancelled because of this. */
  readonly cancelReason: CancelSessionReason | undefined;
  /** Why the network refused, as a word to decide by. */
  readonly networkCause: string | undefined;

  constructor(kind: DeviceErrorKind, message: string, more: DeviceErrorDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.refusal = more.refusal;
    this.cardRefusal = more.cardRefusal;
    this.cancelReason = more.cancelReason;
    this.networkCause = more.networkCause;
  }
}

export type DeviceErrorDetails = {
  refusal?: Refusal;
  cardRefusal?: CardRefusal;
  cancelReason?: CancelSessionReason;
  networkCause?: string;
  cause?: unknown;
};

/** The error for a server's refusal: `authenticateClient refused (8.2.6/3.8): There is no …`. */
export function refusedByServer(refusal: Refusal): DeviceError {
  const codes = `${refusal.subjectCode}/${refusal.reasonCode}`;
  const words = refusal.message ?? wordsFor(refusal) ?? 'The server gave no words for it.';
  return new DeviceError('refused_by_server', `${refusal.functionName} refused (${codes}): ${words}`, {
    refusal,
  });
}

function wordsFor({ subjectCode, reasonCode }: Refusal): string | undefined {
  const known = Object.values(rspErrorCodes).find(
    (entry) => entry.subjectCode === subjectCode && entry.reasonCode === reasonCode,
  );
  return known?.message;
}

/** True when a server refused with this pair, written `8.2.7/3.8`. */
export function isRefusal(error: unknown, codes: string): boolean {
  if (!(error instanceof DeviceError) || !error.refusal) return false;
  return `${error.refusal.subjectCode}/${error.refusal.reasonCode}` === codes;
}
