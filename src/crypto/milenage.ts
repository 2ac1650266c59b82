// Milenage, the authentication functions f1 to f5* of 3GPP TS 35.206, and OPc; pure, over AES-128.
import { createCipheriv } from 'node:crypto';
import { AppError } from '../base/app_error.ts';

/**
 * All outputs of Milenage for one challenge (TS 35.206 §4.1). What depends on `sqn` and `amf` is only `macA` and `macS`.
 * Throws `invalid_request` when a length differs or `sqn` does not fit 48 bits.
 */
export function milenage(input: MilenageInput): MilenageOutput {
  return { ...challengeMacs(input), ...challengeAnswers(input) };
}

/** Keys and RAND of 16 bytes, AMF of 2; SQN of 48 bits. Never log the keys. */
export type MilenageInput = MilenageChallenge & { sqn: bigint; amf: Uint8Array };
export type MilenageChallenge = { ki: Uint8Array; opc: Uint8Array; rand: Uint8Array };
export type MilenageOutput = ChallengeMacs & ChallengeAnswers;

/** f1 (8 bytes) and f1* (8 bytes): the MAC of the network, and of a card that asks for resynchronisation. */
export type ChallengeMacs = { macA: Uint8Array; macS: Uint8Array };

/** f2 (8 bytes), f3 (16), f4 (16), f5 (6), f5* (6). */
export type ChallengeAnswers = {
  res: Uint8Array;
  ck: Uint8Array;
  ik: Uint8Array;
  ak: Uint8Array;
  akStar: Uint8Array;
};

/** f1 and f1*. Throws as `milenage`. */
export function challengeMacs({ sqn, amf, ...challenge }: MilenageInput): ChallengeMacs {
  checkBytes('AMF', amf, 2);
  const { encrypt, temp, opc } = begin(challenge);
  const sqnAndAmf = Buffer.concat([writeSqn(sqn), amf]);
  const in1 = rotated(xor(Buffer.concat([sqnAndAmf, sqnAndAmf]), opc), 8);
  const out1 = xor(encrypt(xor(temp, in1)), opc);
  return { macA: out1.subarray(0, 8), macS: out1.subarray(8) };
}

/** f2 to f5*, which a card needs before it knows the SQN of a challenge. Throws as `milenage`. */
export function challengeAnswers(challenge: MilenageChallenge): ChallengeAnswers {
  const { encrypt, temp, opc } = begin(challenge);
  const masked = xor(temp, opc);
  // OUT of f2 to f5*: rotated by r bytes, c into the last byte (TS 35.206 §4.1).
  const out = (r: number, c: number) => {
    const block = rotated(masked, r);
    block[15] = (block[15] ?? 0) ^ c;
    return xor(encrypt(block), opc);
  };
  const out2 = out(0, 1);
  return {
    res: out2.subarray(8),
    ck: out(4, 2),
    ik: out(8, 4),
    ak: out2.subarray(0, 6),
    akStar: out(12, 8).subarray(0, 6),
  };
}

/** OPc = OP xor AES-128(K, OP) (TS 35.206 §8.2); all of 16 bytes. Throws `invalid_request` when a length differs. */
export function opcOf(ki: Uint8Array, op: Uint8Array): Uint8Array {
  checkBytes('OP', op, 16);
  return xor(encryptorOf(ki)(op), op);
}

/** SQN as 6 bytes. Throws `invalid_request` when it does not fit. */
export function writeSqn(sqn: bigint): Uint8Array {
  if (sqn < 0n || sqn > sqnMax) throw new AppError('invalid_request', 'SQN has 48 bits.');
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(sqn);
  return bytes.subarray(2);
}

/** SQN of 6 bytes. Throws `invalid_request` when there are more or fewer. */
export function readSqn(bytes: Uint8Array): bigint {
  checkBytes('SQN', bytes, 6);
  return bytes.reduce((sqn, byte) => sqn * 256n + BigInt(byte), 0n);
}

export const sqnMax = 2n ** 48n - 1n;

/** Bytes of `a` xor those of `b`, which must be as many. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  checkBytes('What is combined', b, a.length);
  return a.map((byte, i) => byte ^ (b[i] ?? 0));
}

function begin({ ki, opc, rand }: MilenageChallenge) {
  checkBytes('OPc', opc, 16);
  checkBytes('RAND', rand, 16);
  const encrypt = encryptorOf(ki);
  return { encrypt, opc, temp: encrypt(xor(rand, opc)) };
}

function encryptorOf(ki: Uint8Array): (block: Uint8Array) => Uint8Array {
  checkBytes('Ki', ki, 16);
  const cipher = createCipheriv('aes-128-ecb', ki, null).setAutoPadding(false);
  return (block) => cipher.update(block);
}

/** Cyclic rotation towards the first byte. */
function rotated(block: Uint8Array, bytes: number): Uint8Array {
  return Buffer.concat([block.subarray(bytes), block.subarray(0, bytes)]);
}

function checkBytes(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new AppError('invalid_request', `${name} must be ${length} bytes.`);
}
