// What an eUICC answers to AuthenticateServer, verified, for ES9+ and ES11 alike (SGP.22 §5.6.3, §5.8.2).
import { sameBytes } from '../../base/bytes.ts';
import { certificateKey } from '../../crypto/certificate.ts';
import { verifyEcdsa } from '../../crypto/ecdsa.ts';
import type { AuthenticateResponseOk } from '../asn1/authenticate_server_response.ts';
import { checkCertificateChain, type TrustedEuicc } from '../check_certificate_chain.ts';
import { RspError } from '../rsp_error.ts';
import { type AuthenticatingServer, isOwnAddress } from './authenticating_server.ts';
import type { StartedSession } from './start_authentication.ts';

/**
 * The eUICC, proven. Throws RspError in this order: the certificate chain (see `checkCertificateChain`); the signature
 * over euiccSigned1 as received and the server challenge 8.1/6.1; another transaction inside 8.10.1/3.9; the address of
 * somebody else, as when an eUICC was asked by one in between.
 */
export function checkClientProof(
  server: AuthenticatingServer,
  session: Omit<StartedSession, 'serverCiKeyId'>,
  proof: AuthenticateResponseOk,
  now: Date,
): TrustedEuicc {
  const { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate } = proof;
  const { ciKeyId } = session;
  const trusted = checkCertificateChain({
    euiccCertificate,
    eumCertificate,
    trust: server.trust,
    ciKeyId,
    now,
  });
  if (!verifyEcdsa(certificateKey(trusted.euicc), euiccSigned1.raw, euiccSignature1))
    throw new RspError('euicc_signature_invalid');
  if (!sameBytes(session.serverChallenge, euiccSigned1.serverChallenge))
    throw new RspError('euicc_signature_invalid', 'The server challenge is not the one of this session.');
  if (!sameBytes(session.transactionId, euiccSigned1.transactionId))
    throw new RspError('transaction_unknown');
  if (!isOwnAddress(server, euiccSigned1.serverAddress)) throw new RspError(server.refusals.address);
  return trusted;
}
