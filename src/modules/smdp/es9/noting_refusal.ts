// A call of a session that is refused is written into the session, so that its operator sees why it did not install.
import { AppError } from '../../../base/app_error.ts';
import { RspError, type RspErrorCode, rspErrorCodes } from '../../../rsp/rsp_error.ts';
import type { SmdpCtx } from '../smdp.ts';
import { type SessionFunction, type SessionOwner, stepTaken } from './session_step.ts';
import { appendRefusal } from './sessions_sql.ts';

/**
 * Runs one call of this session; a refusal of it is written into the session, and thrown on. `run` says who the session
 * is about as soon as that is proven.
 */
export async function notingRefusal<T>(
  ctx: SmdpCtx,
  { name, transactionId }: { name: SessionFunction; transactionId: Uint8Array },
  run: (owner: SessionOwner) => Promise<T>,
): Promise<T> {
  const owner: SessionOwner = {};
  try {
    return await run(owner);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) {
      const { subjectCode, reasonCode } = rspErrorCodes[refusal.code];
      const taken = stepTaken(ctx, name, refusal.detail);
      await append(ctx, {
        transactionId,
        step: { ...taken, status: 'refused', subjectCode, reasonCode },
        ...owner,
      });
    }
    throw error;
  }
}

/** The refusal is answered even when it cannot be written down. */
async function append(ctx: SmdpCtx, refusal: Parameters<typeof appendRefusal>[1]): Promise<void> {
  try {
    await appendRefusal(ctx.smdp.database.relaxed, refusal);
  } catch (error) {
    ctx.log.warn({ error, requestId: ctx.requestId }, 'a refused call could not be written into its session');
  }
}

function refusalOf(error: unknown): { code: RspErrorCode; detail: string } | undefined {
  if (error instanceof RspError) return error;
  if (error instanceof AppError && error.code === 'malformed_der')
    return { code: 'message_invalid', detail: error.detail };
  return undefined;
}
