// An installation result: verified with the certificate kept from the download, however long ago that was.
import { certificateKey } from '../../../crypto/certificate.ts';
import { verifyEcdsa } from '../../../crypto/ecdsa.ts';
import type { ProfileInstallationResult } from '../../../rsp/asn1/profile_installation_result.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { ProfileMove } from '../profiles/profile.ts';
import { type DownloadRow, findDownload } from '../profiles/profiles_sql.ts';
import { recordMove } from '../profiles/record_move.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { type InstallationResult, readInstallationResult } from './installation_result.ts';
import { notificationHash } from './notification_hash.ts';
import { insertNotification, type Notification } from './notifications_sql.ts';
import { stepTaken } from './session_step.ts';
import type { EndedSession } from './sessions_sql.ts';

/**
 * Success makes the profile `installed`; failure opens it again for the same eUICC, or ends it when it would fail the
 * same way. Throws RspError when the download is unknown or the signature is not that of its eUICC.
 */
export async function noteInstallationResult(
  ctx: SmdpCtx,
  notification: ProfileInstallationResult,
): Promise<void> {
  const { profileInstallationResultData: data } = notification;
  const download = checkDownloadKnown(await findDownload(ctx.db, data.transactionId));
  checkSignature(ctx, download, notification);
  checkIccid(download, data.notificationMetadata.iccid);
  const result = readInstallationResult(data.finalResult);
  await writeSmdp(ctx, async (tx) => {
    const moved = await insertNotification(tx.db, {
      iccid: download.iccid,
      eid: download.eid,
      seqNumber: data.notificationMetadata.seqNumber,
      contentHash: notificationHash(data.notificationMetadata, notification.raw),
      operation: 'install',
      inOrder: false,
      result,
      ends: endOf(ctx, data.transactionId, result),
      now: ctx.now,
      ...moveOf(result),
    });
    if (!moved) return;
    const move = {
      iccid: download.iccid,
      eid: download.eid,
      from: moved.from,
      at: ctx.now,
      ...outcomeOf(result),
    };
    recordMove(tx, moved, move, eventOf(result), {
      requesterId: moved.requester_id,
      resultData: notification.raw,
      ...(result.outcome === 'failed' && { code: 'euicc_refused' as const }),
    });
  });
}

function endOf(ctx: SmdpCtx, transactionId: Uint8Array, result: InstallationResult): EndedSession {
  const { outcome } = result;
  const detail = outcome === 'failed' ? result.reason : undefined;
  return { transactionId, outcome, at: ctx.now, step: stepTaken(ctx, 'handleNotification', detail) };
}

function checkDownloadKnown(download: DownloadRow | undefined): DownloadRow {
  if (!download) throw new RspError('transaction_unknown');
  return download;
}

/** Over BF27 as received. */
function checkSignature(
  { smdp }: SmdpCtx,
  download: DownloadRow,
  notification: ProfileInstallationResult,
): void {
  const key = certificateKey(smdp.euiccCertificates.read(download.euicc_certificate));
  if (!verifyEcdsa(key, notification.profileInstallationResultData.raw, notification.euiccSignPIR))
    throw new RspError('euicc_signature_invalid');
}

/** A result from before the metadata was stored carries no ICCID. */
function checkIccid(download: DownloadRow, iccid: string | undefined): void {
  if (iccid !== undefined && iccid !== download.iccid) throw new RspError('iccid_unknown');
}

function moveOf(result: InstallationResult): Pick<Notification, 'to' | 'from'> {
  if (result.outcome === 'installed') return { to: 'installed', from: ['released', 'downloaded'] };
  return result.retriable
    ? { to: 'released', from: ['downloaded'] }
    : { to: 'error', from: ['released', 'downloaded'] };
}

function outcomeOf(result: InstallationResult): Pick<ProfileMove, 'to' | 'detail'> {
  const { to } = moveOf(result);
  return result.outcome === 'installed' ? { to } : { to, detail: result.reason };
}

function eventOf({ outcome }: InstallationResult) {
  return outcome === 'installed' ? 'profile.installed' : 'profile.download_failed';
}
