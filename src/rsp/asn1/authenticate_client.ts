// AuthenticateClientRequest and the answer of ES9+: the eUICC's proof and the offer, in the ASN.1 binding.
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { authenticateServerTag } from './authenticate_server_request.ts';
import { provisioningTags, writeProvisioningOk } from './remote_profile_provisioning.ts';
import { storeMetadataTag } from './store_metadata.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.6.3, BF3B, the same on ES9+ and ES11:
 *   transactionId [0], authenticateServerResponse [56] AuthenticateServerResponse
 *   more may follow
 */
export type AuthenticateClientRequest = {
  transactionId: Uint8Array;
  /** The whole element, BF38. */
  authenticateServerResponse: Uint8Array;
};

const tag = provisioningTags.authenticateClient;

/** Throws `malformed_der`. */
export function readAuthenticateClientRequest(source: Uint8Array | Tlv): AuthenticateClientRequest {
  const cursor = fields(readTagged(source, tag));
  const request = {
    transactionId: readTransactionId(cursor.take(0x80)),
    authenticateServerResponse: cursor.take(authenticateServerTag).raw,
  };
  cursor.rest();
  return request;
}

export function writeAuthenticateClientRequest(request: AuthenticateClientRequest): Uint8Array {
  return tlv(tag, octets(request.transactionId, 0x80), request.authenticateServerResponse);
}

/**
 * SGP.22 §5.6.3, in BF3B:
 *   authenticateClientOk [0] {
 *     transactionId [0], profileMetaData [37] StoreMetadataRequest, smdpSigned2 SmdpSigned2
 *     smdpSignature2 [APPLICATION 55] OCTET STRING, smdpCertificate Certificate, more may follow }
 *   authenticateClientError [1] INTEGER {
 *     eumCertificateInvalid(1), eumCertificateExpired(2), euiccCertificateInvalid(3), euiccCertificateExpired(4)
 *     euiccSignatureInvalid(5), matchingIdRefused(6), eidMismatch(7), noEligibleProfile(8), ciPKUnknown(9)
 *     invalidTransactionId(10), insufficientMemory(11), undefinedError(127) }
 */
export type AuthenticateClientOk = {
  transactionId: Uint8Array;
  /** Whole elements. */
  profileMetadata: Uint8Array;
  smdpSigned2: Uint8Array;
  smdpSignature2: Uint8Array;
  smdpCertificate: Uint8Array;
};

/** The elements inside `ok` of a response. Throws `malformed_der`. */
export function readAuthenticateClientOk(ok: Tlv): AuthenticateClientOk {
  const cursor = fields(ok);
  const response = {
    transactionId: readTransactionId(cursor.take(0x80)),
    profileMetadata: cursor.take(storeMetadataTag).raw,
    smdpSigned2: cursor.take(0x30).raw,
    smdpSignature2: cursor.take(0x5f37).raw,
    smdpCertificate: cursor.take(0x30).raw,
  };
  cursor.rest();
  return response;
}

export function writeAuthenticateClientOk(ok: AuthenticateClientOk): Uint8Array {
  return writeProvisioningOk(
    tag,
    octets(ok.transactionId, 0x80),
    ok.profileMetadata,
    ok.smdpSigned2,
    ok.smdpSignature2,
    ok.smdpCertificate,
  );
}
