// One call of ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5), as JSON (§6.5.2): whatever 2xx is answered, the report is taken.
import { toBase64 } from '../../../base/bytes.ts';
import { RspCallError } from '../../../outgoing/rsp_call_error.ts';
import type { RspClient } from '../../../outgoing/rsp_client.ts';
import type { FailedAttempt } from './end_attempt.ts';
import type { ProgressReport } from './progress_report.ts';

/** Undefined when it was taken. `from` is what we call ourselves. */
export async function sendReport(
  client: RspClient,
  { url, from }: { url: string; from: string },
  report: ProgressReport,
): Promise<FailedAttempt | undefined> {
  try {
    await client.call({ baseUrl: url, path, body: bodyOf(from, report), answers: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof RspCallError)) throw error;
    return { error: error.message, isAway: error.kind === 'unreachable' };
  }
}

const path = '/gsma/rsp2/es2plus/handleDownloadProgressInfo';

/** The same functionCallIdentifier each time it is sent: who gets it twice knows it by that. */
export function bodyOf(from: string, report: ProgressReport): Record<string, unknown> {
  const { position, eid, iccid, profileType, at, point, status, resultData } = report;
  return {
    header: { functionRequesterIdentifier: from, functionCallIdentifier: `progress-${position}` },
    ...(eid !== null && { eid }),
    iccid,
    profileType,
    timestamp: at.toISOString().replace(/\.\d+Z$/, 'Z'),
    notificationPointId: point,
    notificationPointStatus: status,
    ...(resultData && { resultData: toBase64(resultData) }),
  };
}
