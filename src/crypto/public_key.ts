// A public key from its 65-byte uncompressed point, checked to be on its curve.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { assert } from '../base/assert.ts';
import { asBuffer, sameBytes } from '../base/bytes.ts';
import { type Curve, curves } from './curve.ts';

export const pointBytes = 65;

/**
 * The key of `point` (04, x, y; SGP.22 §2.6.9). Throws `invalid_certificate` when it is not an uncompressed point of the
 * curve. P-256 goes in as JWK, the cheapest of the ways OpenSSL offers; it knows no JWK for Brainpool.
 */
export function readPublicPoint(curve: Curve, point: Uint8Array): KeyObject {
  if (point.length !== pointBytes || point[0] !== 4)
    throw new AppError('invalid_certificate', 'the public key is not an uncompressed point of 65 bytes');
  try {
    return curve === 'P-256' ? importJwk(asBuffer(point)) : importSpki(curve, point);
  } catch (cause) {
    throw new AppError('invalid_certificate', 'the public key is not a point of its curve', { cause });
  }
}

/** Curve and point of a public or private key object. Throws `invalid_certificate` for a key of another kind. */
export function publicPointOf(key: KeyObject): { curve: Curve; point: Uint8Array } {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  assert(publicKey.type === 'public', 'a secret key has no public point');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
    const { spkiHead } = curves[curve];
    if (
      spki.length === spkiHead.length + pointBytes &&
      sameBytes(spki.subarray(0, spkiHead.length), spkiHead)
    )
      return { curve, point: spki.subarray(spkiHead.length) };
  }
  throw new AppError('invalid_certificate', 'the key is not an EC key on P-256 or brainpoolP256r1');
}

function importJwk(point: Buffer): KeyObject {
  const x = point.toString('base64url', 1, 33);
  const y = point.toString('base64url', 33, 65);
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

function importSpki(curve: Curve, point: Uint8Array): KeyObject {
  return createPublicKey({
    key: Buffer.concat([curves[curve].spkiHead, point]),
    format: 'der',
    type: 'spki',
  });
}
