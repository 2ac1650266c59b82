// The second half of common mutual authentication (SGP.22 §3.1.2, §3.1.3): the card's proof, and the profile offered for it.
import { fromHex, toBase64 } from '../../base/bytes.ts';
import {
  authenticateServerTag,
  writeAuthenticateServerRequest,
} from '../../rsp/asn1/authenticate_server_request.ts';
import { readAuthenticateServerResponse } from '../../rsp/asn1/authenticate_server_response.ts';
import { type DeviceInfo, writeCtxParams1 } from '../../rsp/asn1/ctx_params1.ts';
import { readSignature } from '../../rsp/asn1/signature.ts';
import { readSmdpSigned2, type SmdpSigned2 } from '../../rsp/asn1/smdp_signed2.ts';
import { readStoreMetadata, type StoreMetadataRequest } from '../../rsp/asn1/store_metadata.ts';
import { authenticateErrorCodes, codeName } from '../../rsp/es10/error_codes.ts';
import { DeviceError } from '../device_error.ts';
import type { DownloadTarget } from './download_source.ts';
import { bytesIn, readAnswer, textIn } from './es9_answers.ts';
import { send } from './es10_client.ts';
import { checkTransactionId, type ServerProof } from './initiate_authentication.ts';
import type { Lpa } from './lpa.ts';

/** What the card answered: `response` is the whole BF38, to be sent as it is. */
export type CardProof = { response: Uint8Array; error: number | undefined };

/** What a device says of itself when nobody tells it what it is: a test TAC, LTE release 15. */
export const deviceInfoDefault: DeviceInfo = {
  tac: fromHex('35290611'),
  deviceCapabilities: {
    gsmSupportedRelease: '5.0.0',
    utranSupportedRelease: '15.0.0',
    eutranSupportedRelease: '15.0.0',
  },
};

/** Hands the server's proof to the card (ES10b.AuthenticateServer). */
export function authenticateServer(
  { card }: Lpa,
  { matchingId }: DownloadTarget,
  proof: ServerProof,
  deviceInfo: DeviceInfo = deviceInfoDefault,
): CardProof {
  const request = writeAuthenticateServerRequest({
    ...proof,
    serverSigned1: proof.serverSigned1.raw,
    ctxParams1: writeCtxParams1({ matchingId, deviceInfo }),
  });
  const response = send(card, request, authenticateServerTag).raw;
  const answer = readAuthenticateServerResponse(response);
  const error =
    'authenticateResponseError' in answer ? answer.authenticateResponseError.errorCode : undefined;
  return { response, error };
}

export type ProfileOffer = {
  metadata: StoreMetadataRequest;
  smdpSigned2: SmdpSigned2;
  smdpSignature2: Uint8Array;
  smdpCertificate: Uint8Array;
};

/** ES9+.AuthenticateClient. A refusal of the card is reported to the server all the same, and then thrown. */
export async function authenticateClient(
  lpa: Lpa,
  { address }: DownloadTarget,
  { transactionId }: ServerProof,
  cardProof: CardProof,
): Promise<ProfileOffer> {
  const body = { transactionId, authenticateServerResponse: toBase64(cardProof.response) };
  const call = lpa.es9.call({ address, functionName: 'authenticateClient', body });
  if (cardProof.error !== undefined) {
    await call.catch(() => undefined);
    throw refusedByCard(cardProof.error);
  }
  return readOffer(await call, transactionId);
}

function readOffer(answer: Readonly<Record<string, unknown>>, transactionId: string): ProfileOffer {
  const read = <T>(name: string, reader: (bytes: Uint8Array) => T) =>
    readAnswer(name, () => reader(bytesIn(answer, name)));
  const offer = {
    metadata: read('profileMetadata', readStoreMetadata),
    smdpSigned2: read('smdpSigned2', readSmdpSigned2),
    smdpSignature2: read('smdpSignature2', readSignature),
    smdpCertificate: bytesIn(answer, 'smdpCertificate'),
  };
  checkTransactionId(textIn(answer, 'transactionId'), offer.smdpSigned2.transactionId);
  checkTransactionId(transactionId, offer.smdpSigned2.transactionId);
  return offer;
}

/** The error for what the card answered to a server's proof. */
export function refusedByCard(code: number): DeviceError {
  const reason = codeName(authenticateErrorCodes, code) ?? `code ${code}`;
  return new DeviceError('refused_by_card', `The eUICC does not trust the server (${reason}).`, {
    cardRefusal: { command: 'AuthenticateServer', code, reason },
  });
}
