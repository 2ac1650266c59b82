// The keys and sizes of SCP03t as SGP.22 uses it to protect a profile (GlobalPlatform Amendment D; SGP.22 §2.5.3, §2.6.4).
import { assert } from '../base/assert.ts';

/** Three times 16 bytes: the MAC chaining value to start from, the encryption key, the MAC key. */
export type BlockKeys = { initialMac: Uint8Array; encKey: Uint8Array; macKey: Uint8Array };

export const blockLimits = {
  /** A whole block, tag and length included. */
  blockBytesMax: 1020,
  /** What fits into an encrypted block: 1007 bytes and their padding make 1008, with MAC, tag and length 1020. */
  plaintextBytesMax: 1007,
  /** What fits into a block that is only authenticated. */
  authenticatedBytesMax: 1008,
  macBytes: 8,
} as const;

/** The keys in 48 bytes laid end to end. */
export function splitBlockKeys(bytes: Uint8Array): BlockKeys {
  assert(bytes.length === 48, 'block keys are 48 bytes');
  return {
    initialMac: bytes.subarray(0, 16),
    encKey: bytes.subarray(16, 32),
    macKey: bytes.subarray(32, 48),
  };
}
