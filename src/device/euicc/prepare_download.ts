// ES10b PrepareDownload (SGP.22 §5.7.5): checks the SM-DP+'s offer and signs the card's one-time key for the binding.
import { sameBytes } from '../../base/bytes.ts';
import { certificateKey } from '../../crypto/certificate.ts';
import { signEcdsa, verifyEcdsa } from '../../crypto/ecdsa.ts';
import { writeEuiccSigned2 } from '../../rsp/asn1/euicc_signed2.ts';
import {
  type PrepareDownloadRequest,
  readPrepareDownloadRequest,
} from '../../rsp/asn1/prepare_download_request.ts';
import { writePrepareDownloadResponse } from '../../rsp/asn1/prepare_download_response.ts';
import { hasRole } from '../../rsp/check_certificate.ts';
import { type DownloadErrorCode, downloadErrorCodes } from '../../rsp/es10/error_codes.ts';
import { euiccSignature2Bytes, smdpSignature2Bytes } from '../../rsp/signed_bytes.ts';
import { checkServerCertificate, type ServerCertificate } from './check_server_certificate.ts';
import type { Command } from './command.ts';
import type { Authenticated, Euicc, Session } from './euicc.ts';
import { oneTimeKeyFor } from './one_time_keys.ts';

export const prepareDownload: Command = (euicc, command) => {
  const request = readPrepareDownloadRequest(command);
  const { smdpSigned2, smdpSignature2, hashCc } = request;
  const { transactionId } = smdpSigned2;
  const offer = checkOffer(euicc, request);
  if ('error' in offer) {
    const errorCode = downloadErrorCodes[offer.error];
    return writePrepareDownloadResponse({ downloadResponseError: { transactionId, errorCode } });
  }
  const { session, smdp } = offer;
  const oneTimeKey = oneTimeKeyFor(euicc, smdp, smdpSigned2.bppEuiccOtpk);
  euicc.session = { ...session, state: 'prepared', smdp, oneTimeKey };
  const euiccSigned2 = writeEuiccSigned2({ transactionId, euiccOtpk: oneTimeKey.publicKey, hashCc });
  const signed = euiccSignature2Bytes(euiccSigned2, smdpSignature2);
  const euiccSignature2 = signEcdsa(session.credential.privateKey, signed);
  return writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2, euiccSignature2 } });
};

type Offer = { session: Authenticated; smdp: ServerCertificate } | { error: DownloadErrorCode };

function checkOffer(euicc: Euicc, request: PrepareDownloadRequest): Offer {
  const { session } = euicc;
  if (!isOpenWithSmdp(session)) return { error: 'noSessionContext' };
  const { smdpSigned2, smdpSignature2, smdpCertificate, hashCc } = request;
  if (!sameBytes(smdpSigned2.transactionId, session.transactionId)) return { error: 'invalidTransactionId' };
  const rules = { ci: session.credential.ci, allowed: ['dpPb'] as const, now: euicc.now() };
  const smdp = checkServerCertificate(smdpCertificate, rules);
  if (smdp?.oid !== session.server.oid) return { error: 'invalidCertificate' };
  const signed = smdpSignature2Bytes(smdpSigned2.raw, session.euiccSignature1);
  if (!verifyEcdsa(certificateKey(smdp.certificate), signed, smdpSignature2))
    return { error: 'invalidSignature' };
  if (smdpSigned2.ccRequiredFlag && !hashCc) return { error: 'undefinedError' };
  return { session, smdp };
}

/** Prepared is open too: after a wrong confirmation code the server may be asked again in the same session. */
function isOpenWithSmdp(session: Session): session is Session & Authenticated {
  const open = session.state === 'authenticated' || session.state === 'prepared';
  return open && hasRole(session.server.certificate, 'dpAuth');
}
