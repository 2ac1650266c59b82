// ES9+.AuthenticateClient (SGP.22 §5.6.3): proves the eUICC, finds the profile it asks for, and offers it.
import { AppError } from '../../../base/app_error.ts';
import { readCertificate } from '../../../crypto/certificate.ts';
import {
  type AuthenticateResponseOk,
  readAuthenticateServerResponse,
} from '../../../rsp/asn1/authenticate_server_response.ts';
import { writeSignature } from '../../../rsp/asn1/signature.ts';
import { writeSmdpSigned2 } from '../../../rsp/asn1/smdp_signed2.ts';
import { checkClientProof } from '../../../rsp/authentication/check_client_proof.ts';
import type { TrustedEuicc } from '../../../rsp/check_certificate_chain.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { smdpSignature2Bytes } from '../../../rsp/signed_bytes.ts';
import { identityOf } from '../certificates/smdp_servers.ts';
import type { ProfileRow } from '../profiles/profile.ts';
import type { SmdpCtx } from '../smdp.ts';
import { notingRefusal } from './noting_refusal.ts';
import { checkSessionOpen, sessionExpiry, startedSession } from './session.ts';
import { type SessionOwner, stepTaken } from './session_step.ts';
import {
  endSession,
  findSession,
  findSessionAndOrder,
  type SessionAndOrder,
  type SessionRow,
  updateSessionAuthenticated,
} from './sessions_sql.ts';
import { checkDownloadable } from './steps/check_downloadable.ts';
import { checkEligibility } from './steps/check_eligibility.ts';
import { tellingRefusal } from './steps/telling_refusal.ts';

/** `authenticateServerResponse` is BF38 as the eUICC gave it. */
export type AuthenticateClient = { transactionId: Uint8Array; authenticateServerResponse: Uint8Array };

/** Whole elements, but for `transactionId`: BF25, 30, 5F37, and CERT.DPpb. */
export type OfferedProfile = {
  transactionId: Uint8Array;
  profileMetadata: Uint8Array;
  smdpSigned2: Uint8Array;
  smdpSignature2: Uint8Array;
  smdpCertificate: Uint8Array;
};

/**
 * Chooses the profile by the matching id, or without one the oldest that waits for this EID, and keeps in the session
 * what binding it needs. A refusal leaves the profile as it was, and the session open, but for an eUICC that refused us:
 * then it ends. Throws RspError with the codes of SGP.22 §5.6.3, and `malformed_der`.
 */
export function authenticateClient(ctx: SmdpCtx, input: AuthenticateClient): Promise<OfferedProfile> {
  const { transactionId } = input;
  return notingRefusal(ctx, { name: 'authenticateClient', transactionId }, (owner) =>
    answer(ctx, input, owner),
  );
}

async function answer(ctx: SmdpCtx, input: AuthenticateClient, owner: SessionOwner): Promise<OfferedProfile> {
  const response = readAuthenticateServerResponse(input.authenticateServerResponse);
  if ('authenticateResponseError' in response)
    throw await endRefused(ctx, input, response.authenticateResponseError.errorCode);
  const proof = response.authenticateResponseOk;
  const found = await loadSessionAndOrder(ctx, input, proof);
  const session = checkSessionOpen(ctx, found, ['initiated']);
  const euicc = checkClientProof(ctx.smdp, startedSession(session), proof, ctx.now);
  owner.eid = euicc.eid;
  const profile = checkOrderFound(session, proof);
  owner.iccid = profile.iccid;
  await tellingRefusal(ctx, profile, euicc.eid, () => {
    checkDownloadable(ctx, profile, euicc.eid);
    checkEligibility(profile, proof.euiccSigned1.euiccInfo2);
  });
  return offer(ctx, session, euicc, proof, profile);
}

/** The eUICC refused our proof (BF38 A1): the session cannot go on. */
async function endRefused(
  ctx: SmdpCtx,
  { transactionId }: AuthenticateClient,
  errorCode: number,
): Promise<RspError> {
  checkSessionOpen(ctx, await findSession(ctx.db, transactionId), ['initiated']);
  await endSession(ctx.smdp.database.relaxed, { transactionId, outcome: 'refused', at: ctx.now });
  return new RspError('euicc_refused', `The eUICC refused this server with error ${errorCode}.`);
}

function loadSessionAndOrder(
  ctx: SmdpCtx,
  { transactionId }: AuthenticateClient,
  proof: AuthenticateResponseOk,
): Promise<SessionAndOrder | undefined> {
  const { downloadAttemptsMax } = ctx.smdp.settings;
  const matchingId = proof.euiccSigned1.ctxParams1.matchingId ?? '';
  const eid = matchingId === '' ? claimedEid(proof) : '';
  return findSessionAndOrder(ctx.db, { transactionId, matchingId, eid, downloadAttemptsMax });
}

/** The EID as the certificate says, before it is verified: good for looking up, so that one query does. */
function claimedEid({ euiccCertificate }: AuthenticateResponseOk): string {
  try {
    const eid = readCertificate(euiccCertificate).subjectName.serialNumber ?? '';
    return /^\d{32}$/.test(eid) ? eid : '';
  } catch (error) {
    if (error instanceof AppError) return '';
    throw error;
  }
}

/** 8.2.6/3.8 for an unknown matching id, 8.1.1/3.8 when without one no profile waits for the EID. */
function checkOrderFound(
  row: SessionAndOrder,
  { euiccSigned1 }: AuthenticateResponseOk,
): SessionRow & ProfileRow {
  if (row.iccid !== null) return row;
  throw new RspError(euiccSigned1.ctxParams1.matchingId ? 'matching_id_refused' : 'eid_mismatch');
}

/** Signs the offer and keeps in the session what the next call needs. */
async function offer(
  ctx: SmdpCtx,
  session: SessionRow,
  { euicc, eid }: TrustedEuicc,
  { euiccSignature1 }: AuthenticateResponseOk,
  profile: ProfileRow,
): Promise<OfferedProfile> {
  const { dpPb } = identityOf(ctx.smdp, session.server_ci_key_id, session.server_address);
  const { transaction_id: transactionId } = session;
  const smdpSigned2 = writeSmdpSigned2({
    transactionId,
    ccRequiredFlag: profile.confirmation_code !== null,
    bppEuiccOtpk: earlierOtpk(profile, eid),
  });
  ctx.smdp.euiccCertificates.put(euicc);
  const smdpSignature2 = await dpPb.signer.sign(smdpSignature2Bytes(smdpSigned2, euiccSignature1));
  const kept = await updateSessionAuthenticated(ctx.smdp.database.relaxed, {
    transactionId,
    eid,
    iccid: profile.iccid,
    euiccCertificate: euicc.raw,
    smdpSignature2,
    expiresAt: sessionExpiry(ctx),
    step: stepTaken(ctx, 'authenticateClient'),
  });
  if (!kept) throw new RspError('transaction_unknown');
  return {
    transactionId,
    profileMetadata: profile.metadata,
    smdpSigned2,
    smdpSignature2: writeSignature(smdpSignature2),
    smdpCertificate: dpPb.certificate.raw,
  };
}

/** The one-time key that this eUICC used when the profile was bound before, so that it may use it again (SGP.22 §5.6.3). */
function earlierOtpk({ euicc_otpk, eid: boundTo }: ProfileRow, eid: string): Uint8Array | undefined {
  return euicc_otpk !== null && boundTo === eid ? euicc_otpk : undefined;
}
