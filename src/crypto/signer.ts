// Something that signs: a private key in memory, or one that never leaves its token and takes its time.
import type { KeyObject } from 'node:crypto';
import { signEcdsa } from './ecdsa.ts';

export type Signer = {
  /** ECDSA with SHA-256 over `data`: r||s, 64 bytes. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

export function keySigner(privateKey: KeyObject): Signer {
  return { sign: (data) => signEcdsa(privateKey, data) };
}
