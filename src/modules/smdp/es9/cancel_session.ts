// ES9+.CancelSession (SGP.22 §5.6.5): the eUICC's signed word that a download will not go on, and what becomes of the order.
import { certificateKey } from '../../../crypto/certificate.ts';
import { verifyEcdsa } from '../../../crypto/ecdsa.ts';
import {
  type CancelSessionResponseOk,
  readCancelSessionResponse,
} from '../../../rsp/asn1/cancel_session_response.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { identityOf } from '../certificates/smdp_servers.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { failDownload } from './fail_download.ts';
import { notingRefusal } from './noting_refusal.ts';
import { checkSameTransaction, checkSessionOpen, type OpenSession, openSession } from './session.ts';
import { stepTaken } from './session_step.ts';
import { endSession, findSession } from './sessions_sql.ts';

/** `cancelSessionResponse` is BF41 as the eUICC gave it. */
export type CancelSession = { transactionId: Uint8Array; cancelSessionResponse: Uint8Array };

/** CancelSessionReason; only the first two leave the order open for another download. */
const reasons: Record<number, { name: string; endsOrder: boolean }> = {
  1: { name: 'postponed', endsOrder: false },
  2: { name: 'timeout', endsOrder: false },
  0: { name: 'endUserRejection', endsOrder: true },
  3: { name: 'pprNotAllowed', endsOrder: true },
  4: { name: 'metadataMismatch', endsOrder: true },
  5: { name: 'loadBppExecutionError', endsOrder: true },
  127: { name: 'undefinedReason', endsOrder: true },
};

/** Ends the session, and the order too unless it was postponed or timed out. Throws RspError with the codes of SGP.22 §5.6.5. */
export function cancelSession(ctx: SmdpCtx, input: CancelSession): Promise<void> {
  const { transactionId } = input;
  return notingRefusal(ctx, { name: 'cancelSession', transactionId }, () => cancel(ctx, input));
}

async function cancel(ctx: SmdpCtx, input: CancelSession): Promise<void> {
  const response = readCancelSessionResponse(input.cancelSessionResponse);
  const row = checkSessionOpen(ctx, await findSession(ctx.db, input.transactionId), [
    'authenticated',
    'bound',
  ]);
  const session = openSession(ctx, row);
  if ('cancelSessionResponseError' in response)
    throw new RspError(
      'euicc_refused',
      `The eUICC answered CancelSession with error ${response.cancelSessionResponseError}.`,
    );
  const { euiccCancelSessionSigned } = response.cancelSessionResponseOk;
  checkSignature(session, response.cancelSessionResponseOk);
  checkSameTransaction(session, euiccCancelSessionSigned.transactionId);
  checkSmdpOid(ctx, session, euiccCancelSessionSigned.smdpOid);
  await endCancelled(ctx, session, euiccCancelSessionSigned.reason);
}

/** 8.1/6.1, over euiccCancelSessionSigned as received. */
function checkSignature({ euiccCertificate }: OpenSession, response: CancelSessionResponseOk): void {
  const { euiccCancelSessionSigned, euiccCancelSessionSignature } = response;
  if (
    !verifyEcdsa(certificateKey(euiccCertificate), euiccCancelSessionSigned.raw, euiccCancelSessionSignature)
  )
    throw new RspError('euicc_signature_invalid');
}

/** 8.8/3.10: the OID in the subjectAltName of the CERT.DPauth that was used. */
function checkSmdpOid(
  { smdp }: SmdpCtx,
  { serverCiKeyId, serverAddress }: OpenSession,
  smdpOid: string,
): void {
  if (smdpOid !== identityOf(smdp, serverCiKeyId, serverAddress).oid) throw new RspError('smdp_oid_mismatch');
}

async function endCancelled(ctx: SmdpCtx, session: OpenSession, code: number): Promise<void> {
  const { transactionId } = session;
  const reason = reasons[code] ?? { name: `reason ${code}`, endsOrder: true };
  const step = stepTaken(ctx, 'cancelSession', reason.name);
  const ended = { transactionId, outcome: 'cancelled', at: ctx.now, step } as const;
  if (!reason.endsOrder) return endSession(ctx.smdp.database.relaxed, ended);
  // The profile is locked before the session, as everywhere.
  await writeSmdp(ctx, async (tx) => {
    await failDownload(tx, session, `the download was cancelled: ${reason.name}`);
    await endSession(tx.db, ended);
  });
}
