// Derives the session keys that bind a profile package to one eUICC (SGP.22 §2.6.4.2, Annex G).
import { assert } from '../../base/assert.ts';
import { concat } from '../../base/bytes.ts';
import { type BlockKeys, splitBlockKeys } from '../../crypto/block_keys.ts';
import { agreeSecret, type OneTimeKey } from '../../crypto/one_time_key.ts';
import { x963Kdf } from '../../crypto/x963_kdf.ts';

/** AES, 16-byte keys (GlobalPlatform Card Specification, table 11-16). */
export const keyTypeAes = 0x88;
export const keyLenBytes = 0x10;

export type SessionKeyInput = {
  /** Our one-time pair. */
  otsk: OneTimeKey;
  /** The other side's one-time public key, 65 bytes. */
  otpk: Uint8Array;
  /** 1 to 16 bytes, the one of the control reference template. */
  hostId: Uint8Array;
  /** 32 digits. */
  eid: string;
};

/** Throws `malformed_der` when `otpk` is not a point of the curve. */
export function deriveSessionKeys({ otsk, otpk, hostId, eid }: SessionKeyInput): BlockKeys {
  return splitBlockKeys(x963Kdf(agreeSecret(otsk, otpk), buildSharedInfo(hostId, eid), 48));
}

/** keyType, keyLength, and HostID and EID each after its length; the EID in binary. */
export function buildSharedInfo(hostId: Uint8Array, eid: string): Uint8Array {
  const eidBytes = Buffer.from(eid, 'hex');
  assert(eidBytes.length === 16, 'an EID has 32 digits');
  assert(hostId.length >= 1 && hostId.length <= 16, 'a HostID has 1 to 16 bytes');
  return concat(
    Uint8Array.of(keyTypeAes, keyLenBytes, hostId.length),
    hostId,
    Uint8Array.of(eidBytes.length),
    eidBytes,
  );
}
