// ES9+.GetBoundProfilePackage (SGP.22 §5.6.2): binds the chosen profile, protected ahead of time, to one eUICC.
import { certificateKey } from '../../../crypto/certificate.ts';
import { verifyEcdsa } from '../../../crypto/ecdsa.ts';
import type { EuiccSigned2 } from '../../../rsp/asn1/euicc_signed2.ts';
import {
  type PrepareDownloadResponse,
  readPrepareDownloadResponse,
} from '../../../rsp/asn1/prepare_download_response.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { euiccSignature2Bytes } from '../../../rsp/signed_bytes.ts';
import type { ProfilePackageRow } from '../profiles/profile.ts';
import { profileBoundStatement, updateConfirmationFailures } from '../profiles/profiles_sql.ts';
import { recordMove } from '../profiles/record_move.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { bindProfile } from './bind_profile.ts';
import { failDownload } from './fail_download.ts';
import { notingRefusal } from './noting_refusal.ts';
import {
  checkSameTransaction,
  checkSessionOpen,
  type OpenSession,
  openSession,
  sessionExpiry,
} from './session.ts';
import { stepTaken } from './session_step.ts';
import { endSession, lockSessionAndPackage } from './sessions_sql.ts';
import { checkCodeAttemptsLeft, isConfirmed } from './steps/check_confirmation_code.ts';
import { checkDownloadable } from './steps/check_downloadable.ts';

/** `prepareDownloadResponse` is BF21 as the eUICC gave it; the answer holds BF36. */
export type GetBoundProfilePackage = { transactionId: Uint8Array; prepareDownloadResponse: Uint8Array };
export type BoundProfilePackage = { transactionId: Uint8Array; boundProfilePackage: Uint8Array };

/**
 * Delivers the bound profile package, counts the attempt, and makes the profile `downloaded` and the eUICC's own.
 * A session may ask again: the same one-time key of the eUICC gets the same binding.
 * Throws RspError with the codes of SGP.22 §5.6.2 (a wrong confirmation code is counted before it is answered), and
 * `malformed_der`.
 */
export function getBoundProfilePackage(
  ctx: SmdpCtx,
  input: GetBoundProfilePackage,
): Promise<BoundProfilePackage> {
  const { transactionId } = input;
  return notingRefusal(ctx, { name: 'getBoundProfilePackage', transactionId }, async () => {
    const response = readPrepareDownloadResponse(input.prepareDownloadResponse);
    const outcome = await writeSmdp(ctx, (tx) => answer(tx, input, response));
    if (outcome instanceof RspError) throw outcome;
    return outcome;
  });
}

/** The answer, or the refusal that must be answered after what it changed is on disk. */
async function answer(
  ctx: SmdpCtx,
  { transactionId }: GetBoundProfilePackage,
  response: PrepareDownloadResponse,
): Promise<BoundProfilePackage | RspError> {
  const row = checkSessionOpen(ctx, await lockSessionAndPackage(ctx.db, transactionId), [
    'authenticated',
    'bound',
  ]);
  const session = openSession(ctx, row);
  if ('downloadResponseError' in response)
    return endRefused(ctx, session, response.downloadResponseError.errorCode);
  const { euiccSigned2, euiccSignature2 } = response.downloadResponseOk;
  checkEuiccSignature(session, euiccSigned2, euiccSignature2);
  checkSameTransaction(session, euiccSigned2.transactionId);
  checkCodeAttemptsLeft(ctx, row);
  checkDownloadable(ctx, row, session.eid);
  if (!isConfirmed(ctx, row, euiccSigned2)) return countWrongCode(ctx, session, row);
  return deliver(ctx, session, row, euiccSigned2.euiccOtpk);
}

/** The eUICC would not prepare the download (BF21 A1): nothing came of it, and the order stays as it is. */
async function endRefused(
  ctx: SmdpCtx,
  { transactionId }: OpenSession,
  errorCode: number,
): Promise<RspError> {
  await endSession(ctx.db, { transactionId, outcome: 'refused', at: ctx.now });
  return new RspError('euicc_refused', `the eUICC answered PrepareDownload with error ${errorCode}`);
}

/** 8.1/6.1 (SGP.22 §5.7.5): over euiccSigned2 as received and our own signature of this session. */
function checkEuiccSignature(session: OpenSession, euiccSigned2: EuiccSigned2, signature: Uint8Array): void {
  const signed = euiccSignature2Bytes(euiccSigned2.raw, session.smdpSignature2);
  if (!verifyEcdsa(certificateKey(session.euiccCertificate), signed, signature))
    throw new RspError('euicc_signature_invalid');
}

/** Counts a wrong code; the last one allowed ends the order. */
async function countWrongCode(
  ctx: SmdpCtx,
  session: OpenSession,
  profile: ProfilePackageRow,
): Promise<RspError> {
  await updateConfirmationFailures(ctx.db, profile.iccid);
  if (profile.confirmation_failures + 1 < ctx.smdp.settings.confirmationAttemptsMax)
    return new RspError('confirmation_code_refused');
  await failDownload(ctx, session, 'the confirmation code was wrong too often', {
    point: 'confirmationCode',
    code: 'confirmation_code_retries_exceeded',
  });
  return new RspError('confirmation_code_retries_exceeded');
}

async function deliver(
  ctx: SmdpCtx,
  session: OpenSession,
  profile: ProfilePackageRow,
  euiccOtpk: Uint8Array,
): Promise<BoundProfilePackage> {
  const { transactionId, eid, euiccCertificate } = session;
  const { iccid } = profile;
  const { boundProfilePackage, bindingKey } = await bindProfile(ctx, session, profile, euiccOtpk);
  const bound = profileBoundStatement({
    iccid,
    eid,
    euiccOtpk,
    bindingKey,
    transactionId,
    now: ctx.now,
    euiccCertificate: euiccCertificate.raw,
    expiresAt: sessionExpiry(ctx),
    step: stepTaken(ctx, 'getBoundProfilePackage'),
  });
  ctx.alongCommit(bound);
  if (profile.state !== 'downloaded') {
    const move = { iccid, from: profile.state, to: 'downloaded', eid, at: ctx.now } as const;
    const told = { requesterId: profile.requester_id };
    recordMove(ctx, profile, move, 'profile.downloaded', told);
  }
  return { transactionId, boundProfilePackage };
}
