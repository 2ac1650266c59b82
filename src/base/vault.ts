// Secrets at rest: AES-256-GCM under a named key, bound to what they belong to, so that a sealed value cannot be moved.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { assert } from './assert.ts';

export type Vault = {
  /** Seals `secret`; `belongsTo` (for example an ICCID) must be the same at `open`. */
  seal(secret: Uint8Array, belongsTo: string): Buffer;
  /** Opens what `seal` made, under whichever known key made it. Throws when key, data or owner do not fit. */
  open(sealed: Uint8Array, belongsTo: string): Buffer;
  /** A keyed hash, by which a short secret can be recognised but not guessed. It changes when the first key does. */
  fingerprint(secret: string): Buffer;
  /** 32 bytes for `purpose` from each key of the vault, newest first: sign with the first, verify with all of them. */
  derivedKeys(purpose: string): Buffer[];
};

/** A key of the vault: `id` 0..255 is written in front of everything that it seals. */
export type VaultKey = { id: number; key: Uint8Array };

const ivBytes = 12;
const tagBytes = 16;

/** Makes a vault that seals with the first key and opens with all of them: rotation is putting a new key in front. */
export function createVault(keys: readonly VaultKey[]): Vault {
  const byId = new Map(keys.map((each) => [each.id, each.key]));
  const first = keys[0];
  assert(first && byId.size === keys.length, 'a vault needs at least one key, and each id once');
  for (const { id, key } of keys)
    assert(key.length === 32 && id >= 0 && id <= 255, `vault key ${id} must be 32 bytes`);
  return {
    seal(secret, belongsTo) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(belongsTo));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([Buffer.of(first.id), iv, cipher.getAuthTag(), body]);
    },
    fingerprint(secret) {
      return createHmac('sha256', first.key).update('fingerprint').update(secret).digest();
    },
    derivedKeys(purpose) {
      return keys.map(({ key }) => Buffer.from(hkdfSync('sha256', key, '', `overair ${purpose}`, 32)));
    },
    open(sealed, belongsTo) {
      const key = byId.get(sealed[0] ?? -1);
      assert(key && sealed.length >= 1 + ivBytes + tagBytes, `no vault key with id ${sealed[0]}`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + ivBytes));
      decipher
        .setAAD(Buffer.from(belongsTo))
        .setAuthTag(sealed.subarray(1 + ivBytes, 1 + ivBytes + tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(1 + ivBytes + tagBytes)), decipher.final()]);
    },
  };
}
