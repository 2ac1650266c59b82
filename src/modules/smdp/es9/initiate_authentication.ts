// ES9+.InitiateAuthentication (SGP.22 §5.6.1): opens an RSP session and proves this server to the eUICC.
import {
  type InitiateAuthentication,
  type ServerProof,
  startAuthentication,
} from '../../../rsp/authentication/start_authentication.ts';
import { serverAt } from '../certificates/smdp_servers.ts';
import type { SmdpCtx } from '../smdp.ts';
import { sessionExpiry } from './session.ts';
import { stepTaken } from './session_step.ts';
import { insertSession } from './sessions_sql.ts';

/** Throws RspError with the codes of SGP.22 §5.6.1, and `malformed_der`. */
export async function initiateAuthentication(
  ctx: SmdpCtx,
  input: InitiateAuthentication,
): Promise<ServerProof> {
  const { smdp } = ctx;
  // Each address has certificates of its own; one that is none of ours is refused in its turn.
  const server = serverAt(smdp, input.serverAddress);
  const { session, proof } = await startAuthentication({ ...smdp, ...server }, input, ctx.now);
  await insertSession(smdp.database.relaxed, {
    ...session,
    serverAddress: server?.address ?? smdp.address,
    openedAt: ctx.now,
    expiresAt: sessionExpiry(ctx),
    step: stepTaken(ctx, 'initiateAuthentication'),
  });
  return proof;
}
