// The keys a profile is protected under ahead of time, as they are kept: sealed for its ICCID.
import type { Vault } from '../../../base/vault.ts';
import { type BlockKeys, splitBlockKeys } from '../../../crypto/block_keys.ts';

export function sealProtectionKeys(vault: Vault, iccid: string, keys: BlockKeys): Buffer {
  return vault.seal(Buffer.concat([keys.initialMac, keys.encKey, keys.macKey]), iccid);
}

export function openProtectionKeys(vault: Vault, iccid: string, sealed: Uint8Array): BlockKeys {
  return splitBlockKeys(vault.open(sealed, iccid));
}
