// InitiateAuthentication, of ES9+ and ES11 alike (SGP.22 §5.6.1, §5.8.1): a server proves itself to an eUICC.
import { randomBytes } from 'node:crypto';
import { sameBytes } from '../../base/bytes.ts';
import { isValidAt } from '../../crypto/certificate.ts';
import { octets } from '../../der/octets.ts';
import { type EuiccInfo1, readEuiccInfo1 } from '../asn1/euicc_info1.ts';
import { writeServerSigned1 } from '../asn1/server_signed1.ts';
import { writeSignature } from '../asn1/signature.ts';
import { RspError } from '../rsp_error.ts';
import { compareVersions } from '../version.ts';
import { type AuthenticatingServer, type AuthIdentity, isOwnAddress } from './authenticating_server.ts';

/** `euiccInfo1` is BF20 as the eUICC gave it; `serverAddress` what the LPA dialled. */
export type InitiateAuthentication = {
  euiccChallenge: Uint8Array;
  euiccInfo1: Uint8Array;
  serverAddress: string;
};

/** Whole elements, but for `transactionId`: 30, 5F37, 04 (the key identifier of a CI), and CERT.DPauth or CERT.DSauth. */
export type ServerProof = {
  transactionId: Uint8Array;
  serverSigned1: Uint8Array;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
};

/** What the server keeps until the eUICC has answered. */
export type StartedSession = {
  transactionId: Uint8Array;
  serverChallenge: Uint8Array;
  /** The CI by which the eUICC proves itself, and the one by which it verifies us. */
  ciKeyId: Uint8Array;
  serverCiKeyId: Uint8Array;
};

const challengeBytes = 16;

/**
 * The session to keep and the proof to answer with. Checks in the order of the specification: our address, the version,
 * a CI for signing, one for verification, the challenge. Throws RspError and `malformed_der`.
 */
export async function startAuthentication(
  server: AuthenticatingServer,
  input: InitiateAuthentication,
  now: Date,
): Promise<{ session: StartedSession; proof: ServerProof }> {
  const euiccInfo1 = readEuiccInfo1(input.euiccInfo1);
  if (!isOwnAddress(server, input.serverAddress)) throw new RspError(server.refusals.address);
  checkSvn(server, euiccInfo1);
  const signingCis = findSigningCis(server, euiccInfo1);
  const identity = findIdentity(server, euiccInfo1, signingCis, now);
  if (input.euiccChallenge.length !== challengeBytes)
    throw new RspError('message_invalid', `euiccChallenge must have ${challengeBytes} bytes.`);
  return prove(input, identity, signingCis);
}

function checkSvn({ svnMin, svnMax, refusals }: AuthenticatingServer, { svn }: EuiccInfo1): void {
  if (compareVersions(svn, svnMin) < 0 || compareVersions(svn, svnMax) > 0) throw new RspError(refusals.svn);
}

/** The CIs we trust by which the eUICC can prove itself, in its order of preference. */
function findSigningCis(
  { trust, refusals }: AuthenticatingServer,
  { euiccCiPKIdListForSigning }: EuiccInfo1,
): Uint8Array[] {
  const trusted = euiccCiPKIdListForSigning.filter((keyId) =>
    trust.cis.some(({ subjectKeyId }) => subjectKeyId && sameBytes(subjectKeyId, keyId)),
  );
  if (trusted.length === 0) throw new RspError(refusals.ciKey);
  return trusted;
}

/** Our identity under a CI by which the eUICC can verify us: one by which it can prove itself too, if there is one. */
function findIdentity(
  { identities, refusals }: AuthenticatingServer,
  info: EuiccInfo1,
  signingCis: Uint8Array[],
  now: Date,
): AuthIdentity {
  const isIn =
    (list: Uint8Array[]) =>
    ({ ciKeyId }: AuthIdentity) =>
      list.some((keyId) => sameBytes(keyId, ciKeyId));
  const usable = identities
    .filter(isIn(info.euiccCiPKIdListForVerification))
    .filter(({ auth }) => isValidAt(auth.certificate, now));
  const identity = usable.find(isIn(signingCis)) ?? usable[0];
  if (!identity) throw new RspError(refusals.certificate);
  return identity;
}

async function prove(
  { euiccChallenge, serverAddress }: InitiateAuthentication,
  { ciKeyId: serverCiKeyId, auth }: AuthIdentity,
  signingCis: Uint8Array[],
): Promise<{ session: StartedSession; proof: ServerProof }> {
  const ciKeyId =
    signingCis.find((keyId) => sameBytes(keyId, serverCiKeyId)) ?? signingCis[0] ?? serverCiKeyId;
  const transactionId = randomBytes(16);
  const serverChallenge = randomBytes(challengeBytes);
  // The address as the LPA dialled it: a strict LPA compares the two.
  const serverSigned1 = writeServerSigned1({ transactionId, euiccChallenge, serverAddress, serverChallenge });
  const serverSignature1 = writeSignature(await auth.signer.sign(serverSigned1));
  return {
    session: { transactionId, serverChallenge, ciKeyId, serverCiKeyId },
    proof: {
      transactionId,
      serverSigned1,
      serverSignature1,
      euiccCiPKIdToBeUsed: octets(ciKeyId),
      serverCertificate: auth.certificate.raw,
    },
  };
}
