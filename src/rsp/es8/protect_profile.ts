// Protects a profile package ahead of time, under keys of its own: what is left for the download is only the binding.
import { randomBytes } from 'node:crypto';
import { type BlockKeys, blockLimits, splitBlockKeys } from '../../crypto/block_keys.ts';
import { type BlockProtector, createBlockProtector } from '../../crypto/block_protector.ts';

/** Safe to store; `keys` are secrets, to be encrypted at rest. */
export type ProtectedProfile = {
  /** The protected 86 blocks, back to back. */
  blocks: Uint8Array;
  keys: BlockKeys;
};

/**
 * The unprotected profile package under `keys`, which must never serve a second profile (SGP.22 §2.5.3, §2.6.4.4).
 * Linear in its size: about 10 µs for each kB.
 */
export function protectProfile(
  upp: Uint8Array,
  keys: BlockKeys = newProfileProtectionKeys(),
): ProtectedProfile {
  return { blocks: protectInBlocks(upp, createBlockProtector(keys)), keys };
}

/** Fresh random keys (PPK-ENC, PPK-MAC and their initial MAC chaining value). */
export function newProfileProtectionKeys(): BlockKeys {
  return splitBlockKeys(randomBytes(48));
}

/** `upp` in 86 blocks of at most 1020 bytes each, back to back. */
export function protectInBlocks(upp: Uint8Array, protector: BlockProtector): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < upp.length; at += blockLimits.plaintextBytesMax)
    blocks.push(protector.encrypt(0x86, upp.subarray(at, at + blockLimits.plaintextBytesMax)));
  return Buffer.concat(blocks);
}
