// What a remote SM-DP+ tells of a profile that it made for us (SGP.22 §5.3.5), and what follows from it, as data.
import { fromBase64 } from '../../../base/bytes.ts';
import { readPendingNotification } from '../../../rsp/asn1/pending_notification.ts';
import type { EventType } from '../../events/index.ts';
import { type ProfileState, readInstallationResult } from '../../smdp/index.ts';

export type ProgressReport = {
  /** functionCallIdentifier: the same when it is sent again. */
  callIdentifier: string;
  iccid: string;
  eid: string | null;
  /** When it happened, by the clock of the server. */
  at: Date;
  /** 1 eligibility, 2 confirmation, 3 delivered, 4 installation; 101 enabled, 102 disabled, 103 deleted are our own. */
  point: number;
  /** Null when it went well. */
  failure: { subjectCode: string; reasonCode: string; message: string } | null;
  /** PendingNotification in DER, base64. */
  resultData: string | null;
};

/** The state that follows, from which states it may come, and how it is told. */
export type Consequence = {
  to: ProfileState;
  from: readonly ProfileState[];
  type: EventType;
  enabled?: boolean;
  detail?: string;
};

/** Undefined when the profile stays what it is. */
export function consequenceOf(report: ProgressReport): Consequence | undefined {
  return consequences[report.point]?.(report);
}

const open: readonly ProfileState[] = ['released', 'downloaded'];
const onDevice: readonly ProfileState[] = ['released', 'downloaded', 'installed'];

const consequences: Record<number, (report: ProgressReport) => Consequence | undefined> = {
  1: (report) => failedFinally(report),
  2: (report) => failedFinally(report),
  3: ({ failure }) =>
    failure ? undefined : { to: 'downloaded', from: ['released'], type: 'profile.downloaded' },
  4: (report) => installation(report),
  101: () => ({ to: 'installed', from: onDevice, type: 'profile.enabled', enabled: true }),
  102: () => ({ to: 'installed', from: onDevice, type: 'profile.disabled', enabled: false }),
  103: () => ({ to: 'deleted', from: onDevice, type: 'profile.deleted' }),
};

/** Too many attempts, or too late: nobody can download it any more. Another refusal was one device's, this time. */
function failedFinally({ failure }: ProgressReport): Consequence | undefined {
  if (!failure || !['6.4', '4.10'].includes(failure.reasonCode)) return undefined;
  return { to: 'error', from: open, type: 'profile.download_failed', detail: inWords(failure) };
}

/** What the eUICC said decides whether it may try again; without its words, the server's status does. */
function installation(report: ProgressReport): Consequence {
  const result = resultOf(report);
  if (result ? result.outcome === 'installed' : !report.failure)
    return { to: 'installed', from: open, type: 'profile.installed' };
  const failed = result?.outcome === 'failed' ? result : undefined;
  return {
    to: failed?.retriable ? 'released' : 'error',
    from: failed?.retriable ? ['downloaded'] : open,
    type: 'profile.download_failed',
    detail: failed?.reason ?? (report.failure ? inWords(report.failure) : ''),
  };
}

function resultOf({ resultData, iccid }: ProgressReport) {
  if (resultData === null) return undefined;
  const read = tryToRead(resultData);
  if (!read || !('profileInstallationResult' in read)) return undefined;
  const { notificationMetadata, finalResult } = read.profileInstallationResult.profileInstallationResultData;
  const { iccid: named } = notificationMetadata;
  return named === undefined || named === iccid ? readInstallationResult(finalResult) : undefined;
}

function tryToRead(resultData: string) {
  try {
    return readPendingNotification(fromBase64(resultData));
  } catch {
    return undefined;
  }
}

export function inWords({
  subjectCode,
  reasonCode,
  message,
}: NonNullable<ProgressReport['failure']>): string {
  return `${subjectCode}/${reasonCode} ${message}`.trim();
}
