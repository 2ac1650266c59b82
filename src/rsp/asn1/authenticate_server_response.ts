// AuthenticateServerResponse: the eUICC's proof, or why it refused the server's.
import { fields } from '../../der/fields.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { authenticateServerTag } from './authenticate_server_request.ts';
import { type EuiccSigned1, readEuiccSigned1 } from './euicc_signed1.ts';
import { type ResponseError, readResponseError, writeResponseError } from './response_error.ts';
import { readSignature, writeSignature } from './signature.ts';

/**
 * SGP.22 §5.7.13, BF38, CHOICE:
 *   authenticateResponseOk [0] {
 *     euiccSigned1 EuiccSigned1, euiccSignature1 [APPLICATION 55] OCTET STRING
 *     euiccCertificate Certificate, eumCertificate Certificate, more may follow }
 *   authenticateResponseError [1] { transactionId [0], authenticateErrorCode INTEGER }
 */
export type AuthenticateServerResponse =
  | { authenticateResponseOk: AuthenticateResponseOk }
  | { authenticateResponseError: ResponseError };

/** The certificates are whole elements, not yet read. */
export type AuthenticateResponseOk = {
  euiccSigned1: EuiccSigned1;
  euiccSignature1: Uint8Array;
  euiccCertificate: Uint8Array;
  eumCertificate: Uint8Array;
};

/** Throws `malformed_der`. */
export function readAuthenticateServerResponse(source: Uint8Array | Tlv): AuthenticateServerResponse {
  const outer = fields(readTagged(source, authenticateServerTag));
  const error = outer.optional(0xa1);
  const choice = error ?? outer.take(0xa0);
  outer.end();
  if (error) return { authenticateResponseError: readResponseError(choice) };
  const cursor = fields(choice);
  const authenticateResponseOk = {
    euiccSigned1: readEuiccSigned1(cursor.next()),
    euiccSignature1: readSignature(cursor.next()),
    euiccCertificate: cursor.take(0x30).raw,
    eumCertificate: cursor.take(0x30).raw,
  };
  cursor.rest();
  return { authenticateResponseOk };
}

/** `euiccSigned1` and the certificates are whole elements. */
export function writeAuthenticateServerResponse(
  response:
    | {
        authenticateResponseOk: {
          euiccSigned1: Uint8Array;
          euiccSignature1: Uint8Array;
          euiccCertificate: Uint8Array;
          eumCertificate: Uint8Array;
        };
      }
    | { authenticateResponseError: ResponseError },
): Uint8Array {
  if ('authenticateResponseError' in response)
    return tlv(authenticateServerTag, writeResponseError(response.authenticateResponseError));
  const { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate } = response.authenticateResponseOk;
  const signature = writeSignature(euiccSignature1);
  return tlv(authenticateServerTag, tlv(0xa0, euiccSigned1, signature, euiccCertificate, eumCertificate));
}
