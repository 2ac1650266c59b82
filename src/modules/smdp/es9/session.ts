// An RSP session between calls: found by its transaction id, open for a time, and in the state that the next step needs.

import { assert } from '../../../base/assert.ts';
import { sameBytes } from '../../../base/bytes.ts';
import type { Certificate } from '../../../crypto/certificate.ts';
import type { StartedSession } from '../../../rsp/authentication/start_authentication.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { SmdpCtx } from '../smdp.ts';
import type { SessionRow } from './sessions_sql.ts';

/** What is known once the eUICC has proven itself and its profile is chosen. */
export type OpenSession = {
  transactionId: Uint8Array;
  /** Names the identity of this server that was used. */
  serverCiKeyId: Uint8Array;
  serverAddress: string | null;
  eid: string;
  iccid: string;
  euiccCertificate: Certificate;
  smdpSignature2: Uint8Array;
};

/** Refuses an unknown or expired session, and one in another state (SGP.22 §5.6: 8.10.1/3.9). Throws RspError. */
export function checkSessionOpen<Row extends SessionRow>(
  ctx: SmdpCtx,
  row: Row | undefined,
  states: readonly SessionRow['session_state'][],
): Row {
  if (row && row.session_expires_at > ctx.now && states.includes(row.session_state)) return row;
  throw new RspError('transaction_unknown');
}

/** The session of a row in state `authenticated` or `bound`. */
export function openSession({ smdp }: SmdpCtx, row: SessionRow): OpenSession {
  const { session_eid: eid, session_iccid: iccid, euicc_certificate, smdp_signature2: smdpSignature2 } = row;
  assert(
    eid && iccid && euicc_certificate && smdpSignature2,
    'an authenticated session knows its eUICC and profile',
  );
  const {
    transaction_id: transactionId,
    server_ci_key_id: serverCiKeyId,
    server_address: serverAddress,
  } = row;
  return {
    transactionId,
    serverCiKeyId,
    serverAddress,
    eid,
    iccid,
    euiccCertificate: smdp.euiccCertificates.read(euicc_certificate),
    smdpSignature2,
  };
}

/** What was kept when the session was opened. */
export function startedSession(row: SessionRow): Omit<StartedSession, 'serverCiKeyId'> {
  const { transaction_id: transactionId, ci_key_id: ciKeyId, server_challenge: serverChallenge } = row;
  return { transactionId, ciKeyId, serverChallenge };
}

/** The transaction id inside signed data must be that of the session (SGP.22 §5.6: 8.10.1/3.9). Throws RspError. */
export function checkSameTransaction(session: { transactionId: Uint8Array }, inner: Uint8Array): void {
  if (!sameBytes(session.transactionId, inner)) throw new RspError('transaction_unknown');
}

/** When a session that is used now ends. */
export function sessionExpiry(ctx: SmdpCtx): Date {
  return new Date(ctx.now.getTime() + ctx.smdp.settings.sessionSeconds * 1000);
}
