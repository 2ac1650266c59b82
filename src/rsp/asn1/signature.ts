// The element 5F37 that carries every signature of SGP.22: 64 bytes r||s (SGP.22 §2.6.7.2).
import { readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

export const signatureTag = 0x5f37;

/** The 64 bytes in a 5F37 element. Throws `malformed_der`. */
export function readSignature(source: Uint8Array | Tlv): Uint8Array {
  return readOctets(readTagged(source, signatureTag), 64);
}

/** 5F37 40 and the signature. */
export function writeSignature(signature: Uint8Array): Uint8Array {
  return tlv(signatureTag, signature);
}
