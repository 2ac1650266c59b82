// FunctionExecutionStatus, the header of every ES2+ and ES9+ answer (SGP.22 §5.2.6, §6.5.1.4).
import { type RspErrorCode, rspErrorCodes } from './rsp_error.ts';

export type FunctionExecutionStatus =
  | { status: 'Executed-Success' }
  | { status: 'Executed-WithWarning' | 'Failed' | 'Expired'; statusCodeData: StatusCodeData };

export type StatusCodeData = {
  subjectCode: string;
  reasonCode: string;
  subjectIdentifier?: string;
  message?: string;
};

export const executedSuccess: FunctionExecutionStatus = { status: 'Executed-Success' };

/** The status of a refusal; `message` is shown to users by LPAs. */
export function failedStatus(
  code: RspErrorCode,
  message: string = rspErrorCodes[code].message,
): FunctionExecutionStatus {
  const { subjectCode, reasonCode } = rspErrorCodes[code];
  return { status: 'Failed', statusCodeData: { subjectCode, reasonCode, message } };
}
