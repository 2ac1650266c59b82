// ES9+.InitiateAuthentication (SGP.22 §5.6.1): opens an RSP session and proves this server to the eUICC.
import { randomBytes } from 'node:crypto';
import { sameBytes } from '../../base/bytes.ts';
import { isValidAt } from '../../crypto/certificate.ts';
import { signEcdsa } from '../../crypto/ecdsa.ts';
import { octets } from '../../der/octets.ts';
import { type EuiccInfo1, readEuiccInfo1 } from '../../rsp/asn1/euicc_info1.ts';
import { writeServerSigned1 } from '../../rsp/asn1/server_signed1.ts';
import { writeSignature } from '../../rsp/asn1/signature.ts';
import type { SmdpIdentity } from '../../rsp/pki/select_smdp_identities.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import { sessionExpiry } from './session.ts';
import { insertSession } from './sessions_sql.ts';
import { isOwnAddress, type SmdpCtx } from './smdp.ts';
import { compareVersions } from './version.ts';

/** `euiccInfo1` is BF20 as the eUICC gave it; `smdpAddress` what the LPA dialled. */
export type InitiateAuthentication = {
  euiccChallenge: Uint8Array;
  euiccInfo1: Uint8Array;
  smdpAddress: string;
};

/** Whole elements, but for `transactionId`: 30, 5F37, 04 (the key identifier of a CI), and CERT.DPauth. */
export type ServerProof = {
  transactionId: Uint8Array;
  serverSigned1: Uint8Array;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
};

const challengeBytes = 16;

/** Throws RspError with the codes of SGP.22 §5.6.1, and `malformed_der`. */
export async function initiateAuthentication(
  ctx: SmdpCtx,
  input: InitiateAuthentication,
): Promise<ServerProof> {
  const euiccInfo1 = readEuiccInfo1(input.euiccInfo1);
  checkAddress(ctx, input);
  checkSvn(ctx, euiccInfo1);
  const signingCis = findSigningCis(ctx, euiccInfo1);
  const identity = findIdentity(ctx, euiccInfo1, signingCis);
  checkChallenge(input);
  return openSession(ctx, input, identity, signingCis);
}

/** 8.8.1/3.8. */
function checkAddress({ smdp }: SmdpCtx, { smdpAddress }: InitiateAuthentication): void {
  if (!isOwnAddress(smdp, smdpAddress)) throw new RspError('smdp_address_invalid');
}

/** 8.8.3/3.1. */
function checkSvn({ smdp: { settings } }: SmdpCtx, { svn }: EuiccInfo1): void {
  if (compareVersions(svn, settings.svnMin) < 0 || compareVersions(svn, settings.svnMax) > 0)
    throw new RspError('euicc_version_unsupported');
}

/** The CIs we trust by which the eUICC can prove itself, in its order of preference. Throws RspError 8.8.2/3.1 for none. */
function findSigningCis({ smdp }: SmdpCtx, { euiccCiPKIdListForSigning }: EuiccInfo1): Uint8Array[] {
  const trusted = euiccCiPKIdListForSigning.filter((keyId) =>
    smdp.trustedCis.some(({ subjectKeyId }) => subjectKeyId && sameBytes(subjectKeyId, keyId)),
  );
  if (trusted.length === 0) throw new RspError('ci_key_unsupported');
  return trusted;
}

/**
 * Our identity under a CI by which the eUICC can verify us: one by which it can prove itself too, if there is one.
 * Throws RspError 8.8.4/3.7.
 */
function findIdentity({ smdp, now }: SmdpCtx, info: EuiccInfo1, signingCis: Uint8Array[]): SmdpIdentity {
  const isIn =
    (list: Uint8Array[]) =>
    ({ ciKeyId }: SmdpIdentity) =>
      list.some((keyId) => sameBytes(keyId, ciKeyId));
  const usable = smdp.identities
    .filter(isIn(info.euiccCiPKIdListForVerification))
    .filter(({ dpAuth, dpPb }) => isValidAt(dpAuth.certificate, now) && isValidAt(dpPb.certificate, now));
  const identity = usable.find(isIn(signingCis)) ?? usable[0];
  if (!identity) throw new RspError('server_certificate_unavailable');
  return identity;
}

function checkChallenge({ euiccChallenge }: InitiateAuthentication): void {
  if (euiccChallenge.length !== challengeBytes)
    throw new RspError('message_invalid', `euiccChallenge must have ${challengeBytes} bytes.`);
}

async function openSession(
  ctx: SmdpCtx,
  { euiccChallenge, smdpAddress }: InitiateAuthentication,
  { ciKeyId: serverCiKeyId, dpAuth }: SmdpIdentity,
  signingCis: Uint8Array[],
): Promise<ServerProof> {
  const ciKeyId =
    signingCis.find((keyId) => sameBytes(keyId, serverCiKeyId)) ?? signingCis[0] ?? serverCiKeyId;
  const transactionId = randomBytes(16);
  const serverChallenge = randomBytes(challengeBytes);
  // The address as the LPA dialled it: a strict LPA compares the two.
  const serverSigned1 = writeServerSigned1({
    transactionId,
    euiccChallenge,
    serverAddress: smdpAddress,
    serverChallenge,
  });
  const serverSignature1 = writeSignature(signEcdsa(dpAuth.privateKey, serverSigned1));
  await insertSession(ctx.smdp.database.relaxed, {
    transactionId,
    ciKeyId,
    serverCiKeyId,
    serverChallenge,
    expiresAt: sessionExpiry(ctx),
  });
  const serverCertificate = dpAuth.certificate.raw;
  return {
    transactionId,
    serverSigned1,
    serverSignature1,
    euiccCiPKIdToBeUsed: octets(ciKeyId),
    serverCertificate,
  };
}
