// A long-term ECDSA key pair: the private key object, ready to sign, with its curve and public point.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { type Curve, curves } from './curve.ts';
import { publicPointOf } from './public_key.ts';

/** `publicPoint` is 65 bytes: 04, x, y. */
export type SigningKey = { curve: Curve; privateKey: KeyObject; publicPoint: Uint8Array };

export function generateSigningKey(curve: Curve): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curves[curve].opensslName });
  return { curve, privateKey, publicPoint: publicPointOf(privateKey).point };
}

/** The key in a PEM file (SEC 1 or PKCS #8, unencrypted). Throws `invalid_certificate`. */
export function readSigningKey(pem: string | Uint8Array): SigningKey {
  const privateKey = parsePrivateKey(pem);
  const { curve, point } = publicPointOf(privateKey);
  return { curve, privateKey, publicPoint: point };
}

/** The private key as PKCS #8 PEM. */
export function writeSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function parsePrivateKey(pem: string | Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: typeof pem === 'string' ? pem : Buffer.from(pem), format: 'pem' });
  } catch (cause) {
    throw new AppError('invalid_certificate', 'the private key cannot be read', { cause });
  }
}
