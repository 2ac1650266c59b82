// ES11.AuthenticateClient (SGP.22 §5.8.2): the eUICC proves itself, and gets the events that are registered for it.
import { readAuthenticateServerResponse } from '../../rsp/asn1/authenticate_server_response.ts';
import { checkClientProof } from '../../rsp/authentication/check_client_proof.ts';
import type { StartedSession } from '../../rsp/authentication/start_authentication.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import type { EventEntry } from './event.ts';
import { listEntries } from './events_sql.ts';
import { type SessionRow, takeSession } from './sessions_sql.ts';
import type { SmdsCtx } from './smds.ts';

/** `authenticateServerResponse` is BF38 as the eUICC gave it. */
export type AuthenticateClient = { transactionId: Uint8Array; authenticateServerResponse: Uint8Array };

/** In the order in which they were registered; empty when there is nothing. */
export type DiscoveredEvents = { transactionId: Uint8Array; eventEntries: EventEntry[] };

/**
 * With a matching id in what the eUICC signed, the one event of that id; else all of its EID. Reading deletes nothing.
 * The session ends here whatever comes of it. Throws RspError with the codes of SGP.22 §5.8.2, `event_id_unknown`
 * (8.9.5/3.9) when there is no such event for this EID, and `malformed_der`.
 */
export async function authenticateClient(ctx: SmdsCtx, input: AuthenticateClient): Promise<DiscoveredEvents> {
  const { transactionId } = input;
  const session = checkSessionOpen(ctx, await takeSession(ctx.smds.database.relaxed, transactionId));
  const response = readAuthenticateServerResponse(input.authenticateServerResponse);
  if ('authenticateResponseError' in response)
    throw new RspError(
      'euicc_refused',
      `The eUICC refused this server with error ${response.authenticateResponseError.errorCode}.`,
    );
  const proof = response.authenticateResponseOk;
  const { eid } = checkClientProof(ctx.smds, session, proof, ctx.now);
  const { matchingId: eventId = '' } = proof.euiccSigned1.ctxParams1;
  return { transactionId, eventEntries: await loadEntries(ctx, { eid, eventId }) };
}

function checkSessionOpen(ctx: SmdsCtx, row: SessionRow | undefined): Omit<StartedSession, 'serverCiKeyId'> {
  if (!row || row.expires_at <= ctx.now) throw new RspError('transaction_unknown');
  const { transaction_id: transactionId, ci_key_id: ciKeyId, server_challenge: serverChallenge } = row;
  return { transactionId, ciKeyId, serverChallenge };
}

async function loadEntries(ctx: SmdsCtx, of: { eid: string; eventId: string }): Promise<EventEntry[]> {
  // PostgreSQL's text holds no NUL character, so an id with one names nothing.
  const entries = of.eventId.includes('\0') ? [] : await listEntries(ctx.db, of);
  if (of.eventId !== '' && entries.length === 0) throw new RspError('event_id_unknown');
  return entries;
}
