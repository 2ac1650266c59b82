// ECDSA with SHA-256 and plain 64-byte signatures r||s (BSI TR-03111), as SGP.22 §2.6.7 wants them.
import { type KeyObject, sign, verify } from 'node:crypto';

export const signatureBytes = 64;

/** r||s over `data`, 64 bytes. `key` must be a private key object, read once: from PEM it takes three times as long. */
export function signEcdsa(key: KeyObject, data: Uint8Array): Uint8Array {
  return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
}

/** True when `signature` (r||s) is that of `key` over `data`. Never throws for bad input. */
export function verifyEcdsa(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false;
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
