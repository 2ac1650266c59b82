// What is signed over what where it is more than one element as received (SGP.22 §5.7.5); the rest sign their own `raw`.
import { concat } from '../base/bytes.ts';
import { writeSignature } from './asn1/signature.ts';

/** Bytes under smdpSignature2: smdpSigned2, then the eUICC's first signature with its tag. */
export function smdpSignature2Bytes(smdpSigned2: Uint8Array, euiccSignature1: Uint8Array): Uint8Array {
  return concat(smdpSigned2, writeSignature(euiccSignature1));
}

/** Bytes under euiccSignature2: euiccSigned2, then the server's second signature with its tag. */
export function euiccSignature2Bytes(euiccSigned2: Uint8Array, smdpSignature2: Uint8Array): Uint8Array {
  return concat(euiccSigned2, writeSignature(smdpSignature2));
}
