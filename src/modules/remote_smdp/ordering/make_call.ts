// One call to a remote server, outside of any transaction: what came of it, sorted by whether asking again can help.

import { RspCallError } from '../../../outgoing/rsp_call_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { ClaimedCall } from './claim_calls.ts';
import { type Es2Function, nextCall, type OrderedParts, readAnswer, writeCall } from './es2_calls.ts';
import { meaningOf, type RefusalMeaning } from './refusal_meaning.ts';
import type { RemoteClients } from './remote_clients.ts';
import { codeOwner } from './request_profiles.ts';

export type CallOutcome =
  | { kind: 'done'; called: Es2Function; parts: OrderedParts }
  /** The server will not do it, however often it is asked. */
  | { kind: 'refused'; called: Es2Function; meaning: RefusalMeaning }
  /** It was not reached, or did not answer as it should: it is asked again. */
  | { kind: 'failed'; called: Es2Function; error: string };

/** Never throws for what the server does. */
export async function makeCall(ctx: Ctx, clients: RemoteClients, claimed: ClaimedCall): Promise<CallOutcome> {
  const { server, profile } = claimed;
  const called = nextCall(profile) ?? 'downloadOrder';
  try {
    const answer = await clients.clientOf(ctx, server).call({
      baseUrl: server.es2Url,
      path: `/gsma/rsp2/es2plus/${called}`,
      body: writeCall(called, profile, { ...server, code: openCode(ctx, profile) }),
    });
    return { kind: 'done', called, parts: readAnswer(called, profile, answer) };
  } catch (error) {
    if (!(error instanceof RspCallError)) throw error;
    const meaning = error.kind === 'refused' && error.refusal ? meaningOf(error.refusal) : undefined;
    if (meaning) return { kind: 'refused', called, meaning };
    return { kind: 'failed', called, error: error.message.slice(0, errorCharsMax) };
  }
}

const errorCharsMax = 500;

function openCode({ vault }: Ctx, { id, confirmationCode }: ClaimedCall['profile']): string | undefined {
  return confirmationCode === null ? undefined : vault.open(confirmationCode, codeOwner(id)).toString();
}
