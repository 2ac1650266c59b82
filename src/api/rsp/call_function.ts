// One call of a function of ES2+, ES9+, ES11 or ES12: whatever the client sent, an answer of the specification; only our own faults are thrown.
import { AppError } from '../../base/app_error.ts';
import type { ErrorCode } from '../../base/error_codes.ts';
import type { Ctx } from '../../pg/ctx.ts';
import {
  executedSuccess,
  type FunctionExecutionStatus,
  failedStatus,
} from '../../rsp/function_execution_status.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import type { RspFunction } from './rsp_function.ts';

/** Undefined for a function without an answer. A refusal holds the header only: strict decoders refuse more. */
export type RspAnswer =
  | ({ header: { functionExecutionStatus: FunctionExecutionStatus } } & Record<string, unknown>)
  | undefined;

/** `readBody` gives the body as it came, or throws. Throws what is not the client's fault. */
export async function callFunction<C extends Ctx>(
  ctx: C,
  called: RspFunction<C>,
  readBody: () => unknown,
): Promise<RspAnswer> {
  try {
    const members = await called.call(ctx, parseJson(readBody()));
    return called.answers ? { header: { functionExecutionStatus: executedSuccess }, ...members } : undefined;
  } catch (error) {
    const { code, detail } = refusalOf(ctx, called.name, error);
    return called.answers ? { header: { functionExecutionStatus: failedStatus(code, detail) } } : undefined;
  }
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch (cause) {
    throw new RspError('message_invalid', 'The body is not valid JSON.', cause);
  }
}

/** Errors that only what the client sent can cause. */
const clientFaults: readonly ErrorCode[] = [
  'invalid_request',
  'malformed_json',
  'malformed_der',
  'invalid_certificate',
];

/** The refusal that a client is answered with, logged. Throws what is not the client's fault. */
export function refusalOf(
  ctx: Pick<Ctx, 'log' | 'requestId'>,
  functionName: string,
  error: unknown,
): RspError {
  const refusal = asRefusal(error);
  if (!refusal) throw error;
  const { code, detail } = refusal;
  ctx.log.info({ requestId: ctx.requestId, function: functionName, code, detail }, 'RSP function refused');
  return refusal;
}

function asRefusal(error: unknown): RspError | undefined {
  if (error instanceof RspError) return error;
  if (!(error instanceof AppError) || !clientFaults.includes(error.code)) return undefined;
  return new RspError('message_invalid', error.detail, error);
}
