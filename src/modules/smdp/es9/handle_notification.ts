// ES9+.HandleNotification (SGP.22 §5.6.4): takes what an eUICC signed about a profile; what is not proven changes nothing.
import { AppError } from '../../../base/app_error.ts';
import { type PendingNotification, readPendingNotification } from '../../../rsp/asn1/pending_notification.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { SmdpCtx } from '../smdp.ts';
import { noteInstallationResult } from './note_installation_result.ts';
import { noteOtherNotification } from './note_other_notification.ts';
import { notingRefusal } from './noting_refusal.ts';

/** `pendingNotification` is BF37, or the SEQUENCE of another signed notification. */
export type HandleNotification = { pendingNotification: Uint8Array };

/**
 * Gives nothing, whatever came: a notification that is malformed, unknown or not proven is logged and forgotten, or an
 * LPA would send it for ever. Duplicates count once. Only a failure of our own is thrown, so that the LPA keeps it.
 */
export async function handleNotification(ctx: SmdpCtx, input: HandleNotification): Promise<void> {
  try {
    await note(ctx, readPendingNotification(input.pendingNotification));
  } catch (error) {
    if (!(error instanceof RspError) && !isMalformed(error)) throw error;
    ctx.log.warn({ requestId: ctx.requestId, reason: error.message }, 'a notification was not accepted');
  }
}

function note(ctx: SmdpCtx, notification: PendingNotification): Promise<void> {
  if ('otherSignedNotification' in notification)
    return noteOtherNotification(ctx, notification.otherSignedNotification);
  const { profileInstallationResult: result } = notification;
  const { transactionId } = result.profileInstallationResultData;
  return notingRefusal(ctx, { name: 'handleNotification', transactionId }, () =>
    noteInstallationResult(ctx, result),
  );
}

function isMalformed(error: unknown): error is AppError {
  return (
    error instanceof AppError && (error.code === 'malformed_der' || error.code === 'invalid_certificate')
  );
}
