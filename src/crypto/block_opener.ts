// Opens data blocks protected with SCP03t: the strict inverse of the protector; the first wrong block spoils the rest.
import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import type { Tlv } from '../der/tlv.ts';
import { createCmac, xorInto } from './aes_cmac.ts';
import { BlockError } from './block_error.ts';
import { type BlockKeys, blockLimits } from './block_keys.ts';
import { createCounterIv } from './counter_iv.ts';

/** Both methods throw `BlockError`: `structure` for sizes, `security` for a wrong MAC or padding. */
export type BlockOpener = {
  /** The plaintext of an encrypted block. */
  decrypt(block: Tlv): Uint8Array;
  /** The data of a block that is only authenticated. */
  verify(block: Tlv): Uint8Array;
};

/** An opener that expects the first block that `createBlockProtector` makes of these keys (SGP.22 §2.6.4.4). */
export function createBlockOpener(keys: BlockKeys): BlockOpener {
  const mac = createCmac(keys.macKey);
  const iv = createCounterIv(keys.encKey);
  const decipher = createDecipheriv('aes-128-cbc', keys.encKey, new Uint8Array(16)).setAutoPadding(false);
  let chainedCipher: Uint8Array = new Uint8Array(16);
  let chainedMac = keys.initialMac;

  function authenticated({ raw, value }: Tlv): Uint8Array {
    if (raw.length > blockLimits.blockBytesMax || value.length < blockLimits.macBytes)
      throw new BlockError('structure', `a block of ${raw.length} bytes`);
    const expected = mac(chainedMac, raw.subarray(0, raw.length - blockLimits.macBytes));
    if (!timingSafeEqual(expected.subarray(0, blockLimits.macBytes), value.subarray(-blockLimits.macBytes)))
      throw new BlockError('security', 'the MAC of a block is wrong');
    chainedMac = expected;
    return value.subarray(0, -blockLimits.macBytes);
  }

  return {
    decrypt(block) {
      const data = authenticated(block);
      if (data.length === 0 || data.length % 16 !== 0)
        throw new BlockError('structure', 'an encrypted block that is not a multiple of 16 bytes');
      const plaintext = decipher.update(data);
      xorInto(plaintext, 0, chainedCipher);
      xorInto(plaintext, 0, iv.next());
      chainedCipher = Buffer.from(data.subarray(-16));
      return withoutPadding(plaintext);
    },
    verify(block) {
      const data = authenticated(block);
      iv.skip();
      return data;
    },
  };
}

function withoutPadding(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 0x80 || end < padded.length - 16)
    throw new BlockError('security', 'the padding of a block is wrong');
  return padded.subarray(0, end);
}
