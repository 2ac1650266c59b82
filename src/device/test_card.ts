// What the card tests share: a card and a server that talk without a network, up to any point of a download.
import { fromHex, toHex } from '../base/bytes.ts';
import { writeAuthenticateServerRequest } from '../rsp/asn1/authenticate_server_request.ts';
import { writePrepareDownloadRequest } from '../rsp/asn1/prepare_download_request.ts';
import { readProfileInstallationResult } from '../rsp/asn1/profile_installation_result.ts';
import type { BindingInput } from '../rsp/es8/build_bound_profile_package.ts';
import { segmentBoundProfilePackage } from '../rsp/es8/segment_bound_profile_package.ts';
import { bppCommandIds, bppErrorReasons, codeName } from '../rsp/es10/error_codes.ts';
import { type Card, type CardOptions, createCard } from './card.ts';
import type { CardState } from './card_state.ts';
import { createCardState } from './create_card_state.ts';
import { getEuiccChallenge } from './lpa/es10_client.ts';
import { createTestSmdp, makePki, type TestSmdpOptions } from './test_smdp.ts';

export const testAddress = 'smdp.example.com';
export const testPki = makePki(testAddress);
export const brainpoolPki = makePki(testAddress, 'brainpoolP256r1');

export function newCard(change: (state: CardState) => void = () => {}, options: CardOptions = {}): Card {
  const state = createCardState({ pki: testPki, now: new Date() });
  change(state);
  return createCard(state, options);
}

export function newSmdp(options: Partial<TestSmdpOptions> = {}) {
  return createTestSmdp({ pki: testPki, address: testAddress, ...options });
}

export type TestSmdp = ReturnType<typeof newSmdp>;
export type AuthenticateRequest = Parameters<typeof writeAuthenticateServerRequest>[0];
export type PrepareRequest = Parameters<typeof writePrepareDownloadRequest>[0];

const ctxParams1 = fromHex('A018800C45562D374633412D30303031A108800435290611A100');

/** Gives the card a challenge and the server's proof, changed or not; the answer of the card. */
export function authenticate(
  card: Card,
  smdp: TestSmdp,
  change: (request: AuthenticateRequest) => Partial<AuthenticateRequest> = () => ({}),
) {
  const request = { ...smdp.initiate(getEuiccChallenge(card)), ctxParams1 };
  return card.storeData(writeAuthenticateServerRequest({ ...request, ...change(request) }));
}

export function prepare(
  card: Card,
  smdp: TestSmdp,
  change: (request: PrepareRequest) => Partial<PrepareRequest> = () => ({}),
) {
  const offer = smdp.offer(authenticate(card, smdp));
  return { offer, response: card.storeData(writePrepareDownloadRequest({ ...offer, ...change(offer) })) };
}

/** The segments of a package bound for the card, which is ready to take them. */
export function bind(card: Card, smdp: TestSmdp, more: Partial<BindingInput> = {}): Uint8Array[] {
  const { offer, response } = prepare(card, smdp);
  return segmentBoundProfilePackage(smdp.bind(response, offer, more));
}

/** Gives the segments until one is answered; `undefined` when none was. */
export function load(card: Card, segments: Uint8Array[]): Uint8Array | undefined {
  for (const segment of segments) {
    const answer = card.storeData(segment);
    if (answer.length > 0) return answer;
  }
  return undefined;
}

export function install(card: Card, smdp: TestSmdp = newSmdp()): string {
  return outcomeOf(load(card, bind(card, smdp)));
}

/** `installed`, `nothing`, or the reason and the command of a refusal: `scp03tSecurityError in storeMetadata`. */
export function outcomeOf(answer: Uint8Array | undefined): string {
  if (!answer) return 'nothing';
  const { finalResult } = readProfileInstallationResult(answer).profileInstallationResultData;
  if ('successResult' in finalResult) return 'installed';
  const { bppCommandId, errorReason } = finalResult.errorResult;
  return `${codeName(bppErrorReasons, errorReason)} in ${codeName(bppCommandIds, bppCommandId)}`;
}

/** The answer to a command, both in hex. */
export function ask(card: Card, hex: string): string {
  return toHex(card.storeData(fromHex(hex.replace(/\s/g, ''))));
}
