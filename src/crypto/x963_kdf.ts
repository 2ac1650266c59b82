// The key derivation function of ANSI X9.63 with SHA-256 (BSI TR-03111 §4.3.3).
import { createHash } from 'node:crypto';

const hashBytes = 32;

/** `length` bytes: SHA-256(z || counter || sharedInfo) for counter 1, 2, …, laid end to end and cut. */
export function x963Kdf(z: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / hashBytes);
  const out = Buffer.allocUnsafe(rounds * hashBytes);
  const counter = Buffer.alloc(4);
  for (let round = 1; round <= rounds; round++) {
    counter.writeUInt32BE(round);
    out.set(
      createHash('sha256').update(z).update(counter).update(sharedInfo).digest(),
      (round - 1) * hashBytes,
    );
  }
  return out.subarray(0, length);
}
