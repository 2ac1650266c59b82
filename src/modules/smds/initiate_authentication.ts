// ES11.InitiateAuthentication (SGP.22 §5.8.1): opens a session and proves this SM-DS to the eUICC.
import {
  type InitiateAuthentication,
  type ServerProof,
  startAuthentication,
} from '../../rsp/authentication/start_authentication.ts';
import { insertSession } from './sessions_sql.ts';
import type { SmdsCtx } from './smds.ts';

/** Throws RspError with the codes of SGP.22 §5.8.1 (8.9.x), and `malformed_der`. */
export async function initiateAuthentication(
  ctx: SmdsCtx,
  input: InitiateAuthentication,
): Promise<ServerProof> {
  const { smds } = ctx;
  const { session, proof } = await startAuthentication(smds, input, ctx.now);
  const { transactionId, ciKeyId, serverChallenge } = session;
  const expiresAt = new Date(ctx.now.getTime() + smds.settings.sessionSeconds * 1000);
  const { serverAddress } = input;
  await insertSession(smds.database.relaxed, {
    transactionId,
    ciKeyId,
    serverChallenge,
    serverAddress,
    expiresAt,
  });
  return proof;
}
