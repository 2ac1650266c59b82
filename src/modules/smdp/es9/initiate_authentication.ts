// ES9+.InitiateAuthentication (SGP.22 §5.6.1): opens an RSP session and proves this server to the eUICC.
import {
  type InitiateAuthentication,
  type ServerProof,
  startAuthentication,
} from '../../../rsp/authentication/start_authentication.ts';
import type { SmdpCtx } from '../smdp.ts';
import { sessionExpiry } from './session.ts';
import { insertSession } from './sessions_sql.ts';

/** Throws RspError with the codes of SGP.22 §5.6.1, and `malformed_der`. */
export async function initiateAuthentication(
  ctx: SmdpCtx,
  input: InitiateAuthentication,
): Promise<ServerProof> {
  const { session, proof } = await startAuthentication(ctx.smdp, input, ctx.now);
  await insertSession(ctx.smdp.database.relaxed, { ...session, expiresAt: sessionExpiry(ctx) });
  return proof;
}
