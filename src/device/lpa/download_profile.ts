// Profile download and installation as an LPA runs it (SGP.22 §3.1.3): every step named, nothing taken on trust.
import { toHex } from '../../base/bytes.ts';
import type { DeviceInfo } from '../../rsp/asn1/ctx_params1.ts';
import { authenticateClient, authenticateServer, type ProfileOffer } from './authenticate_client.ts';
import { type AskConfirmationCode, bindProfile } from './bind_profile.ts';
import { cancelReasonOf, cancelSession } from './cancel_session.ts';
import { type DownloadSource, type DownloadTarget, readDownloadSource } from './download_source.ts';
import { initiateAuthentication, type ServerProof } from './initiate_authentication.ts';
import { checkInstalled, loadPackage } from './load_package.ts';
import type { Lpa } from './lpa.ts';
import { type AskConsent, reviewOffer } from './review_offer.ts';
import { type SentNotifications, sendNotifications } from './send_notifications.ts';
import { createStepRunner, type OnStep, type RunStep } from './steps.ts';

export type DownloadOptions = {
  /** The code, or a function that is asked again after a wrong one. */
  confirmationCode?: string | AskConfirmationCode;
  /** Asked once what is offered is known; without it the answer is yes. */
  askConsent?: AskConsent;
  onStep?: OnStep;
  deviceInfo?: DeviceInfo;
};

export type DownloadedProfile = {
  iccid: string;
  /** ISD-P AID in hex. */
  aid: string;
  serviceProviderName: string;
  profileName: string;
  smdpAddress: string;
  /** As the server wrote it. */
  transactionId: string;
  notifications: SentNotifications;
};

/**
 * Downloads a profile and installs it, disabled; then delivers what the card has to tell. Throws `DeviceError`; a session
 * the server would hold open is cancelled first, and a failed installation is reported first.
 */
export async function downloadProfile(
  lpa: Lpa,
  source: DownloadSource,
  options: DownloadOptions = {},
): Promise<DownloadedProfile> {
  const run = createStepRunner(options.onStep);
  const target = await run('readSource', () => readDownloadSource(lpa.card, source), describeTarget);
  const proof = await run('initiateAuthentication', () => initiateAuthentication(lpa, target));
  return await completeDownload(lpa, { target, proof }, options);
}

/** The rest of a download, once the SM-DP+ has given its proof. Throws as `downloadProfile`. */
export async function completeDownload(
  lpa: Lpa,
  { target, proof }: BegunDownload,
  options: DownloadOptions,
): Promise<DownloadedProfile> {
  const run = createStepRunner(options.onStep);
  const { transactionId } = proof;
  const cardProof = await run('authenticateServer', () =>
    authenticateServer(lpa, target, proof, options.deviceInfo),
  );
  const session = { lpa, target, transactionId, run };
  const { offer, installed } = await cancelOnFailure(session, async () => {
    const offer = await run(
      'authenticateClient',
      () => authenticateClient(lpa, target, proof, cardProof),
      describeOffer,
    );
    await run('reviewOffer', () => reviewOffer(lpa, offer, options.askConsent));
    const askConfirmationCode = asker(options.confirmationCode);
    const bytes = await bindProfile(lpa, { target, transactionId, offer, askConfirmationCode, run });
    return { offer, installed: await run('loadBoundProfilePackage', () => loadPackage(lpa, bytes)) };
  });
  const notifications = await sendNotifications(lpa, options.onStep);
  const { finalResult } = installed.profileInstallationResultData;
  const { aid } = await run(
    'checkResult',
    () => checkInstalled(finalResult),
    () => 'installed, disabled',
  );
  const { iccid, serviceProviderName, profileName } = offer.metadata;
  const smdpAddress = target.address;
  return {
    iccid,
    aid: toHex(aid),
    serviceProviderName,
    profileName,
    smdpAddress,
    transactionId,
    notifications,
  };
}

export type BegunDownload = { target: DownloadTarget; proof: ServerProof };

type OpenSession = { lpa: Lpa; target: DownloadTarget; transactionId: string; run: RunStep };

/** A failure to cancel stands in the timeline; what is thrown is the first failure. */
async function cancelOnFailure<T>(
  { lpa, target, transactionId, run }: OpenSession,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const reason = cancelReasonOf(error);
    if (reason)
      await run(
        'cancelSession',
        () => cancelSession(lpa, target, transactionId, reason),
        () => reason,
      ).catch(() => {});
    throw error;
  }
}

function asker(confirmationCode: DownloadOptions['confirmationCode']): AskConfirmationCode {
  if (typeof confirmationCode === 'function') return confirmationCode;
  return (attempt) => (attempt === 1 ? confirmationCode : undefined);
}

function describeTarget({ address, matchingId }: DownloadTarget): string {
  return `${address}, ${matchingId ? `matching id ${matchingId}` : 'no matching id'}`;
}

function describeOffer({ metadata, smdpSigned2 }: ProfileOffer): string {
  const code = smdpSigned2.ccRequiredFlag ? ', confirmation code required' : '';
  return `${metadata.serviceProviderName} ${metadata.profileName}, ICCID ${metadata.iccid}${code}`;
}
