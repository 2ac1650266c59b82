// Key identifiers as certificates carry them: SHA-1 of the public point (RFC 5280 §4.2.1.2, method 1).
import { createHash } from 'node:crypto';

/** 20 bytes for a public point of 65. */
export function keyIdOf(publicPoint: Uint8Array): Uint8Array {
  return createHash('sha1').update(publicPoint).digest();
}
