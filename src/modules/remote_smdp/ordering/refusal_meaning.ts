// What a remote server's refusal means for the order, as data: our code for it, or nothing when it may pass.
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { RspRefusal } from '../../../outgoing/rsp_call_error.ts';

export type RefusalMeaning = { code: ErrorCode; subjectCode: string; reasonCode: string; message: string };

/** Undefined for what a server says of its own troubles: it is asked again. */
export function meaningOf({
  status,
  subjectCode,
  reasonCode,
  message,
}: RspRefusal): RefusalMeaning | undefined {
  const pair = `${subjectCode}/${reasonCode}`;
  if (status === 'Expired' || (passing.includes(reasonCode) && !subjectCode.startsWith('8.9')))
    return undefined;
  return { code: codes[pair] ?? 'conflict', subjectCode, reasonCode, message: message ?? '' };
}

/** Execution error, inaccessible, timeout, time to live expired (SGP.02 §5.1.6.4); of an SM-DS (8.9) they last. */
const passing: readonly string[] = ['4.2', '5.1', '5.2', '5.3'];

const codes: Record<string, ErrorCode> = {
  '8.2.5/3.7': 'stock_empty',
  '8.2.5/3.9': 'unknown_profile_type',
  '8.2.5/1.2': 'forbidden',
  '8.2.1/1.2': 'forbidden',
  '8.1.1/3.10': 'invalid_request',
  '8.1.1/2.1': 'invalid_request',
  '8.1.1/2.2': 'invalid_request',
};
