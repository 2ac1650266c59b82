// The cryptography of one download and nothing else, in a loop: the floor under what a download costs the server.
import { randomBytes } from 'node:crypto';
import { splitBlockKeys } from '../../src/crypto/block_keys.ts';
import { createBlockProtector } from '../../src/crypto/block_protector.ts';
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

const key = generateSigningKey('P-256');
const publicKey = readPublicPoint('P-256', key.publicPoint);
const peer = generateOneTimeKey('P-256').publicKey;
const signed = randomBytes(400);
const signature = signEcdsa(key.privateKey, signed);
const sharedInfo = randomBytes(36);
const plain = randomBytes(200);

/** CPU microseconds of one download, over `count` of them. */
answerParent(async (count: number): Promise<number> => {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done++) cryptographyOfDownload();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
});

function cryptographyOfDownload(): void {
  for (let done = 0; done < signatures; done++) signEcdsa(key.privateKey, signed);
  for (let done = 0; done < verifications; done++) verifyEcdsa(publicKey, signed, signature);
  const secret = agreeSecret(generateOneTimeKey('P-256'), peer);
  const protector = createBlockProtector(splitBlockKeys(x963Kdf(secret, sharedInfo, 48)));
  protector.encrypt(0x87, plain.subarray(0, boundBytes.configureIsdp));
  protector.authenticate(0x88, plain.subarray(0, boundBytes.metadata));
  protector.encrypt(0x87, plain.subarray(0, boundBytes.replaceSessionKeys));
}
