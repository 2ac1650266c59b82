// The cryptography of one download and nothing else, in a loop: the floor under what a download costs the server.
import { randomBytes } from 'node:crypto';
import { splitBlockKeys } from '../../src/crypto/block_keys.ts';
import { createBlockProtector } from '../../src/crypto/block_protector.ts';
import type { Curve } from '../../src/crypto/curve.ts';
import { signEcdsa, verifyEcdsa } from '../../src/crypto/ecdsa.ts';
import { agreeSecret, generateOneTimeKey } from '../../src/crypto/one_time_key.ts';
import { readPublicPoint } from '../../src/crypto/public_key.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { x963Kdf } from '../../src/crypto/x963_kdf.ts';
import { answerParent } from './child.ts';

const signatures = 3;
/** eUICC certificate, euiccSignature1, euiccSignature2, installation result; the EUM certificate is known. */
const verifications = 4;
/** ConfigureISDP, StoreMetadata, ReplaceSessionKeys. */
const boundBytes = { configureIsdp: 3, metadata: 110, replaceSessionKeys: 54 };

const signed = randomBytes(400);
const sharedInfo = randomBytes(36);
const plain = randomBytes(200);

export type BareDownloads = { count: number; curve: Curve };

/** CPU microseconds of one download, over `count` of them. */
answerParent(async ({ count, curve }: BareDownloads): Promise<number> => {
  const keys = keysOn(curve);
  const before = process.cpuUsage();
  for (let done = 0; done < count; done++) cryptographyOfDownload(keys);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
});

type Keys = ReturnType<typeof keysOn>;

function keysOn(curve: Curve) {
  const { privateKey, publicPoint } = generateSigningKey(curve);
  const publicKey = readPublicPoint(curve, publicPoint);
  const peer = generateOneTimeKey(curve).publicKey;
  return { curve, privateKey, publicKey, peer, signature: signEcdsa(privateKey, signed) };
}

function cryptographyOfDownload({ curve, privateKey, publicKey, peer, signature }: Keys): void {
  for (let done = 0; done < signatures; done++) signEcdsa(privateKey, signed);
  for (let done = 0; done < verifications; done++) verifyEcdsa(publicKey, signed, signature);
  const secret = agreeSecret(generateOneTimeKey(curve), peer);
  const protector = createBlockProtector(splitBlockKeys(x963Kdf(secret, sharedInfo, 48)));
  protector.encrypt(0x87, plain.subarray(0, boundBytes.configureIsdp));
  protector.authenticate(0x88, plain.subarray(0, boundBytes.metadata));
  protector.encrypt(0x87, plain.subarray(0, boundBytes.replaceSessionKeys));
}
