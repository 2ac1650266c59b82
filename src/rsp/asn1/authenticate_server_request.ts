// AuthenticateServerRequest: the server's proof, handed to the eUICC (ES10b.AuthenticateServer).
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { type CtxParams1, readCtxParams1 } from './ctx_params1.ts';
import { readServerSigned1, type ServerSigned1 } from './server_signed1.ts';
import { readSignature, writeSignature } from './signature.ts';

/**
 * SGP.22 §5.7.13, BF38:
 *   serverSigned1 ServerSigned1, serverSignature1 [APPLICATION 55] OCTET STRING
 *   euiccCiPKIdToBeUsed OCTET STRING, serverCertificate Certificate, ctxParams1 CtxParams1
 *   more may follow
 */
export type AuthenticateServerRequest = {
  serverSigned1: ServerSigned1;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
  ctxParams1: CtxParams1;
};

export const authenticateServerTag = 0xbf38;

/** Throws `malformed_der`. */
export function readAuthenticateServerRequest(source: Uint8Array | Tlv): AuthenticateServerRequest {
  const cursor = fields(readTagged(source, authenticateServerTag));
  const request = {
    serverSigned1: readServerSigned1(cursor.next()),
    serverSignature1: readSignature(cursor.next()),
    euiccCiPKIdToBeUsed: readOctets(cursor.take(0x04), 1, 64),
    serverCertificate: cursor.take(0x30).raw,
    ctxParams1: readCtxParams1(cursor.next()),
  };
  cursor.rest();
  return request;
}

/** `serverSigned1`, `serverCertificate` and `ctxParams1` are whole elements. */
export function writeAuthenticateServerRequest(request: {
  serverSigned1: Uint8Array;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
  ctxParams1: Uint8Array;
}): Uint8Array {
  return tlv(
    authenticateServerTag,
    request.serverSigned1,
    writeSignature(request.serverSignature1),
    octets(request.euiccCiPKIdToBeUsed),
    request.serverCertificate,
    request.ctxParams1,
  );
}
