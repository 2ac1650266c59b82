// Why a bound profile package is not installed: the command it happened in is known to the loader, the reason is here.
import { AppError } from '../../base/app_error.ts';
import type { BppErrorReason } from '../../rsp/es10/error_codes.ts';

export class BppError extends Error {
  override readonly name = 'BppError';
  readonly reason: BppErrorReason;
  /** EUICCResponse of the profile interpreter, where it has one. */
  readonly simaResponse: Uint8Array | undefined;

  constructor(reason: BppErrorReason, simaResponse?: Uint8Array) {
    super(reason);
    this.reason = reason;
    this.simaResponse = simaResponse;
  }
}

/** What `read` gives; data that cannot be read or used is refused with `reason`. Throws `BppError`. */
export function readOrRefuse<T>(
  read: () => T,
  reason: BppErrorReason = 'incorrectInputValues',
  simaResponse?: Uint8Array,
): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) throw new BppError(reason, simaResponse);
    throw error;
  }
}
