// The steps of a download as an LPA takes them over ES9+ with JSON: each call with its answer, any part of it changed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fromBase64, fromHex, toBase64, toHex } from '../../src/base/bytes.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import { generateOneTimeKey, type OneTimeKey } from '../../src/crypto/one_time_key.ts';
import type { OfferedProfile } from '../../src/modules/smdp/index.ts';
import {
  cancel,
  euiccInfo1,
  type Info,
  installationResult,
  openPackage,
  type PrepareChanges,
  type ProofChanges,
  prepareDownload,
  proveCard,
  type ResultChanges,
  type TestCard,
} from '../../src/modules/smdp/testing/test_card.ts';
import type { ServerProof } from '../../src/rsp/authentication/start_authentication.ts';
import type { Kit } from './kit.ts';
import type { RspAnswer } from './rsp_caller.ts';

const prefix = '/gsma/rsp2/es9plus/';
const headers = {
  'content-type': 'application/json',
  'user-agent': 'gsma-rsp-lpad',
  'x-admin-protocol': 'gsma/rsp/v2.2.0',
};

/** The server that an LPA talks to: its address, and a client of it. */
export type Dialled = { server: Pick<Kit['server'], 'smdpAddress'>; es9: Kit['es9'] };

/** One POST as an LPA makes it, `members` as JSON unless given as text. */
export function post(
  kit: Dialled,
  name: string,
  members: object | string,
  more: Record<string, string> = {},
): Promise<RspAnswer> {
  const payload = typeof members === 'string' ? members : JSON.stringify(members);
  return kit.es9.post(prefix + name, payload, { ...headers, ...more });
}

/** The JSON of an answer, which must have come the way SGP.22 §6.5 says. */
export async function call(kit: Dialled, name: string, members: object): Promise<any> {
  const answer = await post(kit, name, members);
  assert.equal(answer.status, 200, `${name} was answered with ${answer.status}`);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.match(String(answer.headers['x-admin-protocol']), /^gsma\/rsp\/v2\.\d+\.\d+$/);
  return JSON.parse(answer.body.toString());
}

/** `-` for a success, else `subject/reason`; a refusal must hold the header and nothing else. */
export function codesOf(answer: any): string {
  const { status, statusCodeData } = answer.header.functionExecutionStatus;
  if (status === 'Executed-Success') {
    assert.equal(statusCodeData, undefined);
    return '-';
  }
  assert.equal(status, 'Failed');
  assert.deepEqual(Object.keys(answer), ['header']);
  return `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
}

export type Initiate = Info & { smdpAddress?: string; euiccChallenge?: Uint8Array };

/** The members of InitiateAuthentication. */
export function initiateMembers(kit: Dialled, card: TestCard, changes: Initiate = {}) {
  const { smdpAddress = kit.server.smdpAddress, euiccChallenge = randomBytes(16), ...info } = changes;
  return {
    euiccChallenge: toBase64(euiccChallenge),
    euiccInfo1: toBase64(euiccInfo1(card, info)),
    smdpAddress,
  };
}

export function initiate(kit: Dialled, card: TestCard, changes: Initiate = {}): Promise<any> {
  return call(kit, 'initiateAuthentication', initiateMembers(kit, card, changes));
}

/** What the card reads in the answer to InitiateAuthentication. */
export function proofOf(answer: any): ServerProof {
  assert.equal(codesOf(answer), '-');
  return {
    transactionId: fromHex(answer.transactionId),
    serverSigned1: fromBase64(answer.serverSigned1),
    serverSignature1: fromBase64(answer.serverSignature1),
    euiccCiPKIdToBeUsed: fromBase64(answer.euiccCiPKIdToBeUsed),
    serverCertificate: fromBase64(answer.serverCertificate),
  };
}

export type Authenticate = ProofChanges & {
  /** Outside, instead of the one of the session. */
  outerTransactionId?: string;
  /** Instead of a new one. */
  proof?: ServerProof;
};

/** InitiateAuthentication and AuthenticateClient; the answer to the latter. */
export async function authenticate(kit: Dialled, card: TestCard, changes: Authenticate = {}): Promise<any> {
  const { outerTransactionId, proof: given, ...proofChanges } = changes;
  const proof = given ?? proofOf(await initiate(kit, card));
  return call(kit, 'authenticateClient', {
    transactionId: outerTransactionId ?? toHex(proof.transactionId),
    authenticateServerResponse: toBase64(proveCard(card, proof, proofChanges)),
  });
}

/** What the card reads in the answer to AuthenticateClient. */
export function offerOf(answer: any): OfferedProfile {
  assert.equal(codesOf(answer), '-');
  return {
    transactionId: fromHex(answer.transactionId),
    profileMetadata: fromBase64(answer.profileMetadata),
    smdpSigned2: fromBase64(answer.smdpSigned2),
    smdpSignature2: fromBase64(answer.smdpSignature2),
    smdpCertificate: fromBase64(answer.smdpCertificate),
  };
}

export async function offered(
  kit: Dialled,
  card: TestCard,
  changes: Authenticate = {},
): Promise<OfferedProfile> {
  return offerOf(await authenticate(kit, card, changes));
}

/** GetBoundProfilePackage for an offer. */
export function bind(
  kit: Dialled,
  card: TestCard,
  offer: OfferedProfile,
  changes: PrepareChanges & { outerTransactionId?: string } = {},
): Promise<any> {
  const { outerTransactionId, ...prepare } = changes;
  return call(kit, 'getBoundProfilePackage', {
    transactionId: outerTransactionId ?? toHex(offer.transactionId),
    prepareDownloadResponse: toBase64(prepareDownload(card, offer, prepare)),
  });
}

export type Downloaded = ReturnType<typeof openPackage> & { offer: OfferedProfile; otsk: OneTimeKey };

/** The three calls of a download, and what the card finds in the package. */
export async function download(
  kit: Dialled,
  card: TestCard,
  changes: ProofChanges & PrepareChanges = {},
): Promise<Downloaded> {
  const { matchingId, euiccInfo2, ...prepare } = changes;
  const offer = await offered(kit, card, { matchingId, ...(euiccInfo2 && { euiccInfo2 }) });
  const otsk = prepare.otsk ?? generateOneTimeKey(readCertificate(offer.smdpCertificate).curve);
  const answer = await bind(kit, card, offer, { ...prepare, otsk });
  assert.equal(codesOf(answer), '-');
  return { offer, otsk, ...openPackage(card, fromBase64(answer.boundProfilePackage), otsk) };
}

/** HandleNotification, which must be answered 204 with nothing. */
export async function notify(kit: Dialled, pendingNotification: Uint8Array): Promise<void> {
  const answer = await post(kit, 'handleNotification', {
    pendingNotification: toBase64(pendingNotification),
  });
  assert.deepEqual([answer.status, answer.body.length], [204, 0]);
}

/** A download with its installation result: the profile is installed. */
export async function install(
  kit: Dialled,
  card: TestCard,
  changes: ProofChanges & PrepareChanges & { result?: ResultChanges } = {},
): Promise<Downloaded> {
  const { result, ...rest } = changes;
  const downloaded = await download(kit, card, rest);
  await notify(kit, installationResult(card, downloaded.offer.transactionId, result));
  return downloaded;
}

/** CancelSession of a session with this reason. */
export function cancelSession(
  kit: Dialled,
  card: TestCard,
  transactionId: Uint8Array,
  reason: number,
  changes: Parameters<typeof cancel>[3] = {},
): Promise<any> {
  return call(kit, 'cancelSession', {
    transactionId: toHex(transactionId),
    cancelSessionResponse: toBase64(cancel(card, transactionId, reason, changes)),
  });
}
