// ES10b AuthenticateServer (SGP.22 §5.7.13): checks the server's proof and gives the card's own; spends the challenge.
import { sameBytes, toHex } from '../../base/bytes.ts';
import { certificateKey } from '../../crypto/certificate.ts';
import { signEcdsa, verifyEcdsa } from '../../crypto/ecdsa.ts';
import {
  type AuthenticateServerRequest,
  readAuthenticateServerRequest,
} from '../../rsp/asn1/authenticate_server_request.ts';
import { writeAuthenticateServerResponse } from '../../rsp/asn1/authenticate_server_response.ts';
import { writeEuiccSigned1 } from '../../rsp/asn1/euicc_signed1.ts';
import { type AuthenticateErrorCode, authenticateErrorCodes } from '../../rsp/es10/error_codes.ts';
import { checkServerCertificate, type ServerCertificate } from './check_server_certificate.ts';
import type { Command } from './command.ts';
import type { Credential } from './credential.ts';
import type { Euicc } from './euicc.ts';
import { writeCardInfo2 } from './get_euicc_info2.ts';

export const authenticateServer: Command = (euicc, command) => {
  const request = readAuthenticateServerRequest(command);
  const { serverSigned1 } = request;
  const challenge = takeChallenge(euicc);
  const proof = checkProof(euicc, request, challenge);
  if ('error' in proof) {
    const errorCode = authenticateErrorCodes[proof.error];
    const { transactionId } = serverSigned1;
    return writeAuthenticateServerResponse({ authenticateResponseError: { transactionId, errorCode } });
  }
  const { server, credential } = proof;
  const euiccSigned1 = writeEuiccSigned1({
    transactionId: serverSigned1.transactionId,
    serverAddress: serverSigned1.serverAddress,
    serverChallenge: serverSigned1.serverChallenge,
    euiccInfo2: writeCardInfo2(euicc),
    ctxParams1: request.ctxParams1.raw,
  });
  const euiccSignature1 = signEcdsa(credential.privateKey, euiccSigned1);
  const transactionId = Uint8Array.from(serverSigned1.transactionId);
  const { serverAddress } = serverSigned1;
  euicc.session = {
    state: 'authenticated',
    transactionId,
    serverAddress,
    server,
    credential,
    euiccSignature1,
  };
  const { euiccCertificate, eumCertificate } = credential;
  return writeAuthenticateServerResponse({
    authenticateResponseOk: { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate },
  });
};

/** Good for one answer, right or wrong. */
function takeChallenge(euicc: Euicc): Uint8Array | undefined {
  const { session } = euicc;
  if (session.state !== 'challenged') return undefined;
  euicc.session = { state: 'idle' };
  return session.challenge;
}

type Proof = { server: ServerCertificate; credential: Credential } | { error: AuthenticateErrorCode };

function checkProof(
  euicc: Euicc,
  request: AuthenticateServerRequest,
  challenge: Uint8Array | undefined,
): Proof {
  if (!challenge) return { error: 'noSessionContext' };
  const ciKeyId = toHex(request.euiccCiPKIdToBeUsed);
  const credential = euicc.credentials.find((each) => each.ciKeyId === ciKeyId);
  if (!credential) return { error: 'ciPKUnknown' };
  const rules = { ci: credential.ci, allowed: ['dpAuth', 'dsAuth'] as const, now: euicc.now() };
  const server = checkServerCertificate(request.serverCertificate, rules);
  if (!server) return { error: 'invalidCertificate' };
  const { serverSigned1, serverSignature1 } = request;
  if (!verifyEcdsa(certificateKey(server.certificate), serverSigned1.raw, serverSignature1))
    return { error: 'invalidSignature' };
  if (!sameBytes(serverSigned1.euiccChallenge, challenge)) return { error: 'euiccChallengeMismatch' };
  return { server, credential };
}
