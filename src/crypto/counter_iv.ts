// The initial vectors of SCP03t: the block counter, encrypted under the encryption key.
import { createCipheriv } from 'node:crypto';

const batchBlocks = 16;

/**
 * Gives the vector of block 1, then of block 2, …; every block counts, an authenticated one too.
 * Vectors are made 16 at a time, because a call into the cipher costs more than what it does with them.
 */
export function createCounterIv(encKey: Uint8Array): { next(): Uint8Array; skip(): void } {
  const cipher = createCipheriv('aes-128-ecb', encKey, null).setAutoPadding(false);
  const counters = Buffer.alloc(batchBlocks * 16);
  let vectors: Uint8Array = counters;
  let madeUpTo = 0;
  let count = 0;
  return {
    next() {
      count++;
      if (count > madeUpTo) {
        for (let i = 0; i < batchBlocks; i++) counters.writeUInt32BE(count + i, i * 16 + 12);
        vectors = cipher.update(counters);
        madeUpTo = count + batchBlocks - 1;
      }
      const at = (count - madeUpTo + batchBlocks - 1) * 16;
      return vectors.subarray(at, at + 16);
    },
    skip() {
      count++;
    },
  };
}
