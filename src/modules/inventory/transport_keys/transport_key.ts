// A transport key: what a card maker and an operator encipher the keys of a file with on its way between them.
import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';

/** As it may be shown: never the key itself. */
export type TransportKey = {
  name: string;
  algorithm: TransportAlgorithm;
  /** Key check value: the first three bytes of a block of zeros enciphered under it, in hex. */
  kcv: string;
  createdAt: Date;
  updatedAt: Date;
};

/** CBC begins with an initialisation vector of zeros. */
export const transportAlgorithms = ['aes-ecb', 'aes-cbc', '3des-ecb', '3des-cbc'] as const;
export type TransportAlgorithm = (typeof transportAlgorithms)[number];

/** A key ready for use. Keep it no longer than the work with it takes. */
export type OpenKey = {
  blockBytes: number;
  /** `bytes`, whole blocks, enciphered. */
  encipher(bytes: Uint8Array): Buffer;
  /** `bytes`, whole blocks, deciphered. */
  decipher(bytes: Uint8Array): Buffer;
};

/** Throws `invalid_request` when the key does not have the length that the algorithm needs. */
export function openKey(algorithm: TransportAlgorithm, key: Uint8Array): OpenKey {
  const [family, mode] = algorithm.split('-') as ['aes' | '3des', 'ecb' | 'cbc'];
  const lengths = family === 'aes' ? [16, 24, 32] : [16, 24];
  if (!lengths.includes(key.length))
    throw new AppError('invalid_request', 'The transport key is not valid.', {
      fields: [{ field: 'key', detail: `${algorithm} takes ${lengths.join(', ')} bytes` }],
    });
  // Two keys: the first one is used again (NIST SP 800-67, keying option 2).
  const three = key.length === 24 ? key : Buffer.concat([key, key.subarray(0, 8)]);
  return family === 'aes'
    ? openBlocks(`aes-${key.length * 8}-ecb`, key, 16, mode)
    : openBlocks('des-ede3-ecb', three, 8, mode);
}

/**
 * One cipher for all values: to make one for each costs ten times what it does. CBC is made of ECB: a block is
 * deciphered by itself, then the block in front of it is added.
 */
function openBlocks(name: string, key: Uint8Array, blockBytes: number, mode: 'ecb' | 'cbc'): OpenKey {
  const ciphers: { encipher?: Cipher; decipher?: Decipher } = {};
  const encipher = (bytes: Uint8Array) => {
    ciphers.encipher ??= createCipheriv(name, key, null).setAutoPadding(false);
    return ciphers.encipher.update(bytes);
  };
  const decipher = (bytes: Uint8Array) => {
    ciphers.decipher ??= createDecipheriv(name, key, null).setAutoPadding(false);
    return ciphers.decipher.update(bytes);
  };
  if (mode === 'ecb') return { blockBytes, encipher, decipher };
  return {
    blockBytes,
    encipher(bytes) {
      const done = Buffer.from(bytes);
      for (let at = 0; at < done.length; at += blockBytes) {
        if (at > 0) addBlock(done, at, done.subarray(at - blockBytes, at));
        done.set(encipher(done.subarray(at, at + blockBytes)), at);
      }
      return done;
    },
    decipher(bytes) {
      const done = decipher(bytes);
      for (let at = blockBytes; at < done.length; at += blockBytes)
        addBlock(done, at, bytes.subarray(at - blockBytes, at));
      return done;
    },
  };
}

function addBlock(to: Buffer, at: number, block: Uint8Array): void {
  for (const [i, byte] of block.entries()) to[at + i] = (to[at + i] ?? 0) ^ byte;
}

/** The key check value of a key, upper case hex. */
export function kcvOf({ blockBytes, encipher }: OpenKey): string {
  return encipher(Buffer.alloc(blockBytes)).toString('hex', 0, 3).toUpperCase();
}
