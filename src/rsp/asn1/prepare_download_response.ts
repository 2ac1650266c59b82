// PrepareDownloadResponse: the eUICC's one-time key for the binding, or why it refused the offer.
import { fields } from '../../der/fields.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { type EuiccSigned2, readEuiccSigned2 } from './euicc_signed2.ts';
import { prepareDownloadTag } from './prepare_download_request.ts';
import { type ResponseError, readResponseError, writeResponseError } from './response_error.ts';
import { readSignature, writeSignature } from './signature.ts';

/**
 * SGP.22 §5.7.5, BF21, CHOICE:
 *   downloadResponseOk [0] { euiccSigned2 EUICCSigned2, euiccSignature2 [APPLICATION 55] OCTET STRING, more may follow }
 *   downloadResponseError [1] { transactionId [0], downloadErrorCode INTEGER }
 */
export type PrepareDownloadResponse =
  | { downloadResponseOk: { euiccSigned2: EuiccSigned2; euiccSignature2: Uint8Array } }
  | { downloadResponseError: ResponseError };

/** Throws `malformed_der`. */
export function readPrepareDownloadResponse(source: Uint8Array | Tlv): PrepareDownloadResponse {
  const outer = fields(readTagged(source, prepareDownloadTag));
  const error = outer.optional(0xa1);
  const choice = error ?? outer.take(0xa0);
  outer.end();
  if (error) return { downloadResponseError: readResponseError(choice) };
  const cursor = fields(choice);
  const euiccSigned2 = readEuiccSigned2(cursor.next());
  const euiccSignature2 = readSignature(cursor.next());
  cursor.rest();
  return { downloadResponseOk: { euiccSigned2, euiccSignature2 } };
}

/** `euiccSigned2` is a whole element. */
export function writePrepareDownloadResponse(
  response:
    | { downloadResponseOk: { euiccSigned2: Uint8Array; euiccSignature2: Uint8Array } }
    | { downloadResponseError: ResponseError },
): Uint8Array {
  if ('downloadResponseError' in response)
    return tlv(prepareDownloadTag, writeResponseError(response.downloadResponseError));
  const { euiccSigned2, euiccSignature2 } = response.downloadResponseOk;
  return tlv(prepareDownloadTag, tlv(0xa0, euiccSigned2, writeSignature(euiccSignature2)));
}
