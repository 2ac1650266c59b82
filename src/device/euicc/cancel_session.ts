// ES10b CancelSession (SGP.22 §5.7.14): ends the session with a signed word for the server.
import { sameBytes } from '../../base/bytes.ts';
import { signEcdsa } from '../../crypto/ecdsa.ts';
import { readCancelSessionRequest } from '../../rsp/asn1/cancel_session_request.ts';
import {
  writeCancelSessionResponse,
  writeEuiccCancelSessionSigned,
} from '../../rsp/asn1/cancel_session_response.ts';
import { cancelSessionErrorCodes, cancelSessionReasons } from '../../rsp/es10/error_codes.ts';
import type { Command } from './command.ts';
import { interruptLoading } from './finish_loading.ts';
import { forgetOneTimeKey } from './one_time_keys.ts';

/** After these the same order may be tried again, with the same one-time key. */
const retriable: readonly number[] = [cancelSessionReasons.postponed, cancelSessionReasons.timeout];

export const cancelSession: Command = (euicc, command) => {
  const { transactionId, reason } = readCancelSessionRequest(command);
  const { session } = euicc;
  const open = session.state !== 'idle' && session.state !== 'challenged';
  if (!open || !sameBytes(session.transactionId, transactionId))
    return writeCancelSessionResponse({
      cancelSessionResponseError: cancelSessionErrorCodes.invalidTransactionId,
    });
  const euiccCancelSessionSigned = writeEuiccCancelSessionSigned({
    transactionId,
    smdpOid: session.server.oid,
    reason,
  });
  const euiccCancelSessionSignature = signEcdsa(session.credential.privateKey, euiccCancelSessionSigned);
  interruptLoading(euicc);
  if (session.state === 'prepared' && !retriable.includes(reason))
    forgetOneTimeKey(euicc, session.oneTimeKey);
  euicc.session = { state: 'idle' };
  return writeCancelSessionResponse({
    cancelSessionResponseOk: { euiccCancelSessionSigned, euiccCancelSessionSignature },
  });
};
