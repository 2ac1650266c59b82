// The hash by which a confirmation code travels (SGP.22 §3.1.3): the code is hashed as UTF-8 text, as LPAs do.
import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of the code, 32 bytes: what a server stores. */
export function hashConfirmationCode(code: string): Uint8Array {
  return createHash('sha256').update(code, 'utf8').digest();
}

/** hashCc of euiccSigned2: SHA-256(SHA-256(code) || transactionId). */
export function bindConfirmationCode(codeHash: Uint8Array, transactionId: Uint8Array): Uint8Array {
  return createHash('sha256').update(codeHash).update(transactionId).digest();
}

/** True when `hashCc` is that of the stored code in this transaction; in constant time. */
export function isConfirmationCode(
  hashCc: Uint8Array,
  codeHash: Uint8Array,
  transactionId: Uint8Array,
): boolean {
  const expected = bindConfirmationCode(codeHash, transactionId);
  return hashCc.length === expected.length && timingSafeEqual(hashCc, expected);
}
