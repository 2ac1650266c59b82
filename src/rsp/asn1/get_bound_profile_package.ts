// GetBoundProfilePackageRequest and -Response: the prepared download and the package, in the ASN.1 binding of ES9+.
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { prepareDownloadTag } from './prepare_download_request.ts';
import { provisioningTags, writeProvisioningOk } from './remote_profile_provisioning.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.6.2, BF3A:
 *   transactionId [0], prepareDownloadResponse [33] PrepareDownloadResponse
 *   more may follow
 */
export type GetBoundProfilePackageRequest = {
  transactionId: Uint8Array;
  /** The whole element, BF21. */
  prepareDownloadResponse: Uint8Array;
};

const tag = provisioningTags.getBoundProfilePackage;
const boundProfilePackageTag = 0xbf36;

/** Throws `malformed_der`. */
export function readGetBoundProfilePackageRequest(source: Uint8Array | Tlv): GetBoundProfilePackageRequest {
  const cursor = fields(readTagged(source, tag));
  const request = {
    transactionId: readTransactionId(cursor.take(0x80)),
    prepareDownloadResponse: cursor.take(prepareDownloadTag).raw,
  };
  cursor.rest();
  return request;
}

export function writeGetBoundProfilePackageRequest(request: GetBoundProfilePackageRequest): Uint8Array {
  return tlv(tag, octets(request.transactionId, 0x80), request.prepareDownloadResponse);
}

/**
 * SGP.22 §5.6.2, in BF3A:
 *   getBoundProfilePackageOk [0] { transactionId [0], boundProfilePackage [54] BoundProfilePackage, more may follow }
 *   getBoundProfilePackageError [1] INTEGER {
 *     euiccSignatureInvalid(1), confirmationCodeMissing(2), confirmationCodeRefused(3)
 *     confirmationCodeRetriesExceeded(4), bppRebindingRefused(5), downloadOrderExpired(6), invalidTransactionId(95)
 *     undefinedError(127) }
 */
export type GetBoundProfilePackageOk = {
  transactionId: Uint8Array;
  /** The whole element, BF36. */
  boundProfilePackage: Uint8Array;
};

/** The elements inside `ok` of a response. Throws `malformed_der`. */
export function readGetBoundProfilePackageOk(ok: Tlv): GetBoundProfilePackageOk {
  const cursor = fields(ok);
  const response = {
    transactionId: readTransactionId(cursor.take(0x80)),
    boundProfilePackage: cursor.take(boundProfilePackageTag).raw,
  };
  cursor.rest();
  return response;
}

export function writeGetBoundProfilePackageOk(ok: GetBoundProfilePackageOk): Uint8Array {
  return writeProvisioningOk(tag, octets(ok.transactionId, 0x80), ok.boundProfilePackage);
}
