// Ends a download that will not go on, on the card and on the server (SGP.22 §3.1.3.1, ES9+.CancelSession).
import { toBase64 } from '../../base/bytes.ts';
import { cancelSessionTag, writeCancelSessionRequest } from '../../rsp/asn1/cancel_session_request.ts';
import { readCancelSessionResponse } from '../../rsp/asn1/cancel_session_response.ts';
import { transactionIdFromHex } from '../../rsp/asn1/transaction_id.ts';
import { type CancelSessionReason, cancelSessionReasons } from '../../rsp/es10/error_codes.ts';
import { DeviceError, type DeviceErrorKind } from '../device_error.ts';
import type { DownloadTarget } from './download_source.ts';
import { send } from './es10_client.ts';
import type { Lpa } from './lpa.ts';

/** Throws `DeviceError` when the card has no such session or the server does not take it. */
export async function cancelSession(
  { card, es9 }: Lpa,
  { address }: DownloadTarget,
  transactionId: string,
  reason: CancelSessionReason,
): Promise<void> {
  const request = writeCancelSessionRequest({
    transactionId: transactionIdFromHex(transactionId),
    reason: cancelSessionReasons[reason],
  });
  const response = send(card, request, cancelSessionTag).raw;
  if ('cancelSessionResponseError' in readCancelSessionResponse(response))
    throw new DeviceError('refused_by_card', 'The eUICC has no such session to cancel.');
  const body = { transactionId, cancelSessionResponse: toBase64(response) };
  await es9.call({ address, functionName: 'cancelSession', body });
}

const reasonByKind: Partial<Record<DeviceErrorKind, CancelSessionReason>> = {
  unreachable: 'timeout',
  server_misbehaved: 'undefinedReason',
};

/** With what reason a session that failed like this is to be cancelled; undefined when the server has ended it itself. */
export function cancelReasonOf(error: unknown): CancelSessionReason | undefined {
  if (!(error instanceof DeviceError)) return 'undefinedReason';
  return error.cancelReason ?? reasonByKind[error.kind];
}
