// Gets the profile bound to the card: the card's one-time key goes out, the bound profile package comes in (SGP.22 §3.1.3.2).
import { concat, sameBytes, toBase64 } from '../../base/bytes.ts';
import { blockLimits } from '../../crypto/block_keys.ts';
import { prepareDownloadTag, writePrepareDownloadRequest } from '../../rsp/asn1/prepare_download_request.ts';
import { readPrepareDownloadResponse } from '../../rsp/asn1/prepare_download_response.ts';
import { bindConfirmationCode, hashConfirmationCode } from '../../rsp/confirmation_code.ts';
import { readBoundProfilePackage } from '../../rsp/es8/read_bound_profile_package.ts';
import { codeName, downloadErrorCodes } from '../../rsp/es10/error_codes.ts';
import { DeviceError, isRefusal } from '../device_error.ts';
import type { ProfileOffer } from './authenticate_client.ts';
import type { DownloadTarget } from './download_source.ts';
import { bytesIn, readAnswer, textIn } from './es9_answers.ts';
import { send } from './es10_client.ts';
import { checkTransactionId } from './initiate_authentication.ts';
import type { Lpa } from './lpa.ts';
import type { RunStep } from './steps.ts';

/** Gives the code for this attempt, counted from 1, or undefined when there is none (any more). */
export type AskConfirmationCode = (attempt: number) => string | undefined | Promise<string | undefined>;

export type BindInput = {
  target: DownloadTarget;
  transactionId: string;
  offer: ProfileOffer;
  askConfirmationCode: AskConfirmationCode;
  run: RunStep;
};

const attemptsMax = 10;
const wrongConfirmationCode = '8.2.7/3.8';

/**
 * The bound profile package. After a wrong confirmation code the next one is tried in the same session. Throws
 * `DeviceError`, with the reason to cancel the session with where it is still open.
 */
export async function bindProfile(lpa: Lpa, input: BindInput): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const hashCc = await hashOfCode(input, attempt);
    const { run } = input;
    const prepared = await run('prepareDownload', () => prepareDownload(lpa, input.offer, hashCc));
    try {
      return await run(
        'getBoundProfilePackage',
        () => getBoundProfilePackage(lpa, input, prepared),
        describeSize,
      );
    } catch (error) {
      if (!isRefusal(error, wrongConfirmationCode) || attempt === attemptsMax) throw error;
    }
  }
}

const describeSize = (bytes: Uint8Array) => `${bytes.length} bytes`;

async function hashOfCode(input: BindInput, attempt: number): Promise<Uint8Array | undefined> {
  const { ccRequiredFlag, transactionId } = input.offer.smdpSigned2;
  if (!ccRequiredFlag) return undefined;
  const code = await input.askConfirmationCode(attempt);
  if (code !== undefined) return bindConfirmationCode(hashConfirmationCode(code), transactionId);
  const message = attempt === 1 ? 'A confirmation code is needed.' : 'The confirmation code is wrong.';
  throw new DeviceError('cancelled', message, { cancelReason: 'postponed' });
}

type Prepared = { response: Uint8Array; error: number | undefined };

function prepareDownload({ card }: Lpa, offer: ProfileOffer, hashCc: Uint8Array | undefined): Prepared {
  const request = writePrepareDownloadRequest({ ...offer, smdpSigned2: offer.smdpSigned2.raw, hashCc });
  const response = send(card, request, prepareDownloadTag).raw;
  const answer = readPrepareDownloadResponse(response);
  const error = 'downloadResponseError' in answer ? answer.downloadResponseError.errorCode : undefined;
  return { response, error };
}

/** A refusal of the card is reported to the server all the same, and then thrown. */
async function getBoundProfilePackage(lpa: Lpa, input: BindInput, prepared: Prepared): Promise<Uint8Array> {
  const { target, transactionId, offer } = input;
  const body = { transactionId, prepareDownloadResponse: toBase64(prepared.response) };
  const { address } = target;
  const call = lpa.es9.call({ address, functionName: 'getBoundProfilePackage', body });
  if (prepared.error !== undefined) {
    await call.catch(() => undefined);
    throw refusedByCard(prepared.error);
  }
  const answer = await call;
  checkTransactionId(textIn(answer, 'transactionId'), offer.smdpSigned2.transactionId);
  const bytes = bytesIn(answer, 'boundProfilePackage');
  checkMetadata(bytes, offer);
  return bytes;
}

/** The metadata in the package, authenticated but not encrypted, are the ones the user saw (SGP.22 §3.1.3.3). */
function checkMetadata(bytes: Uint8Array, { metadata }: ProfileOffer): void {
  const { sequenceOf88 } = readAnswer('boundProfilePackage', () => readBoundProfilePackage(bytes));
  const bound = concat(...sequenceOf88.map(({ value }) => value.subarray(0, -blockLimits.macBytes)));
  if (!sameBytes(bound, metadata.raw))
    throw new DeviceError(
      'server_misbehaved',
      'The profile in the package is not the one that was offered.',
      {
        cancelReason: 'metadataMismatch',
      },
    );
}

function refusedByCard(code: number): DeviceError {
  const reason = codeName(downloadErrorCodes, code) ?? `code ${code}`;
  return new DeviceError('refused_by_card', `The eUICC refuses what the server offers (${reason}).`, {
    cardRefusal: { command: 'PrepareDownload', code, reason },
  });
}
