// The AUTHENTICATE command of a USIM: proves that it holds the key, to a network that proved the same and is not repeating itself.
import { timingSafeEqual } from 'node:crypto';
import { concat } from '../../base/bytes.ts';
import { challengeAnswers, challengeMacs, readSqn, writeSqn, xor } from '../../crypto/milenage.ts';
import type { CardState } from '../card_state.ts';
import { enabledProfile } from './enabled_profile.ts';
import { sequenceCount, type UsimKeys, usimKeysOf } from './usim_keys.ts';

/** RAND and AUTN, 16 bytes each. */
export type UsimChallenge = { rand: Uint8Array; autn: Uint8Array };

/**
 * RES (8 bytes), CK and IK (16); or why not: the sequence number is not fresh, with AUTS (14 bytes) for the network to
 * go on from; or the MAC is not one of the home network.
 */
export type UsimAnswer =
  | { result: 'success'; res: Uint8Array; ck: Uint8Array; ik: Uint8Array }
  | { result: 'synch_failure'; auts: Uint8Array }
  | { result: 'mac_failure' };

/**
 * Answers a challenge as the enabled profile (3GPP TS 33.102 §6.3.3, TS 31.102 §7.1.2), and remembers its sequence
 * number when it was fresh. Throws `DeviceError` when no profile is enabled or its keys are not for Milenage, and
 * `AppError` when a length differs.
 */
export function authenticateUsim(state: CardState, { rand, autn }: UsimChallenge): UsimAnswer {
  const profile = enabledProfile(state);
  const keys = usimKeysOf(profile);
  const { ki, opc } = keys;
  const { res, ck, ik, ak, akStar } = challengeAnswers({ ki, opc, rand });
  // AUTN is SQN xor AK, AMF, MAC-A.
  const sqn = readSqn(xor(autn.subarray(0, 6), ak));
  const { macA } = challengeMacs({ ki, opc, rand, sqn, amf: autn.subarray(6, 8) });
  const mac = autn.subarray(8);
  if (mac.length !== macA.length || !timingSafeEqual(mac, macA)) return { result: 'mac_failure' };
  const known = profile.sequenceNumbers ?? keys.sequenceStart;
  const { sequence, index } = splitSqn(sqn);
  if (!isFresh(known, sequence, index, keys))
    return { result: 'synch_failure', auts: writeAuts({ ki, opc, rand, akStar }, highestSqn(known)) };
  profile.sequenceNumbers = known.with(index, sequence);
  return { result: 'success', res, ck, ik };
}

/** SQN is SEQ (43 bits) and IND (5 bits) (TS 33.102 §C.1.1.1). */
function splitSqn(sqn: bigint): { sequence: number; index: number } {
  return { sequence: Number(sqn / BigInt(sequenceCount)), index: Number(sqn % BigInt(sequenceCount)) };
}

/** TS 33.102 §C.2.2: newer than the last of its index, not wrapped around, not too old. */
function isFresh(known: readonly number[], sequence: number, index: number, keys: UsimKeys): boolean {
  const highest = Math.max(...known);
  return (
    sequence > (known[index] ?? 0) &&
    sequence - highest <= keys.sequenceDelta &&
    highest - sequence < keys.sequenceAgeLimit
  );
}

function highestSqn(known: readonly number[]): bigint {
  const highest = Math.max(...known);
  return BigInt(highest) * BigInt(sequenceCount) + BigInt(known.indexOf(highest));
}

/** AUTS = SQN_MS xor AK*, MAC-S over an AMF of zeros (TS 33.102 §6.3.3). */
function writeAuts(
  { akStar, ...challenge }: { ki: Uint8Array; opc: Uint8Array; rand: Uint8Array; akStar: Uint8Array },
  sqn: bigint,
): Uint8Array {
  const { macS } = challengeMacs({ ...challenge, sqn, amf: new Uint8Array(2) });
  return concat(xor(writeSqn(sqn), akStar), macS);
}
