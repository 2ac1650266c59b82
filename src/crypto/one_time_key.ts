// One-time ECKA key pairs (SGP.22 §2.6.7.2): made per binding, used for one agreement, kept only as 32 bytes if at all.
import { createECDH, type ECDH } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { type Curve, curves } from './curve.ts';
import { pointBytes } from './public_key.ts';

/** `publicKey` is 65 bytes: 04, x, y. */
export type OneTimeKey = { curve: Curve; publicKey: Uint8Array; ecdh: ECDH };

export function generateOneTimeKey(curve: Curve): OneTimeKey {
  const ecdh = createECDH(curves[curve].opensslName);
  return { curve, publicKey: ecdh.generateKeys(), ecdh };
}

/** The pair of a private key of 32 bytes. Throws `invalid_request` when the curve has no such key. */
export function readOneTimeKey(curve: Curve, privateKey: Uint8Array): OneTimeKey {
  const ecdh = createECDH(curves[curve].opensslName);
  try {
    ecdh.setPrivateKey(privateKey);
  } catch (cause) {
    throw new AppError('invalid_request', 'not a private key of this curve', { cause });
  }
  return { curve, publicKey: ecdh.getPublicKey(), ecdh };
}

/** The private key, 32 bytes. */
export function writeOneTimeKey(key: OneTimeKey): Uint8Array {
  const out = Buffer.alloc(32);
  const bytes = key.ecdh.getPrivateKey();
  out.set(bytes, out.length - bytes.length);
  return out;
}

/**
 * The shared secret with the owner of `peerPoint` (65 bytes): the x coordinate, 32 bytes.
 * Throws `malformed_der` when `peerPoint` is not an uncompressed point of the curve.
 */
export function agreeSecret(key: OneTimeKey, peerPoint: Uint8Array): Uint8Array {
  if (peerPoint.length !== pointBytes || peerPoint[0] !== 4)
    throw new AppError('malformed_der', 'the one-time public key is not an uncompressed point of 65 bytes');
  try {
    return key.ecdh.computeSecret(peerPoint);
  } catch (cause) {
    throw new AppError('malformed_der', 'the one-time public key is not a point of its curve', { cause });
  }
}
