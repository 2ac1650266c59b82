// InitiateAuthenticationRequest and -Response: how a session is opened in the ASN.1 binding of ES9+ and ES11.
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { euiccInfo1Tag } from './euicc_info1.ts';
import { provisioningTags, writeProvisioningOk } from './remote_profile_provisioning.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.6.1, BF39:
 *   euiccChallenge [1] OCTET STRING (16), smdpAddress [3] UTF8String, euiccInfo1 EUICCInfo1
 *   more may follow
 */
export type InitiateAuthenticationRequest = {
  euiccChallenge: Uint8Array;
  serverAddress: string;
  /** The whole element. */
  euiccInfo1: Uint8Array;
};

const tag = provisioningTags.initiateAuthentication;

/** The size of the challenge is left to who answers. Throws `malformed_der`. */
export function readInitiateAuthenticationRequest(source: Uint8Array | Tlv): InitiateAuthenticationRequest {
  const cursor = fields(readTagged(source, tag));
  const request = {
    euiccChallenge: readOctets(cursor.take(0x81), 0, 255),
    serverAddress: readUtf8(cursor.take(0x83), 255),
    euiccInfo1: cursor.take(euiccInfo1Tag).raw,
  };
  cursor.rest();
  return request;
}

export function writeInitiateAuthenticationRequest(request: InitiateAuthenticationRequest): Uint8Array {
  const { euiccChallenge, serverAddress, euiccInfo1 } = request;
  return tlv(tag, octets(euiccChallenge, 0x81), utf8(serverAddress, 0x83), euiccInfo1);
}

/**
 * SGP.22 §5.6.1, in BF39:
 *   initiateAuthenticationOk [0] {
 *     transactionId [0], serverSigned1 ServerSigned1, serverSignature1 [APPLICATION 55] OCTET STRING
 *     euiccCiPKIdToBeUsed SubjectKeyIdentifier, serverCertificate Certificate }
 *   initiateAuthenticationError [1] INTEGER {
 *     invalidDpAddress(1), euiccVersionNotSupportedByDp(2), ciPKNotSupported(3) }
 */
export type InitiateAuthenticationOk = {
  transactionId: Uint8Array;
  /** Whole elements. */
  serverSigned1: Uint8Array;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
};

/** The elements inside `ok` of a response. Throws `malformed_der`. */
export function readInitiateAuthenticationOk(ok: Tlv): InitiateAuthenticationOk {
  const cursor = fields(ok);
  const response = {
    transactionId: readTransactionId(cursor.take(0x80)),
    serverSigned1: cursor.take(0x30).raw,
    serverSignature1: cursor.take(0x5f37).raw,
    euiccCiPKIdToBeUsed: cursor.take(0x04).raw,
    serverCertificate: cursor.take(0x30).raw,
  };
  cursor.rest();
  return response;
}

export function writeInitiateAuthenticationOk(ok: InitiateAuthenticationOk): Uint8Array {
  return writeProvisioningOk(
    tag,
    octets(ok.transactionId, 0x80),
    ok.serverSigned1,
    ok.serverSignature1,
    ok.euiccCiPKIdToBeUsed,
    ok.serverCertificate,
  );
}
