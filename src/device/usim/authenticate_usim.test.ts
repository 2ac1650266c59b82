// The USIM of a downloaded profile against challenges: right, repeated, old, forged.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, fromHex, toHex } from '../../base/bytes.ts';
import { challengeAnswers, challengeMacs, writeSqn, xor } from '../../crypto/milenage.ts';
import { buildProfilePackage } from '../../rsp/profile/build_profile_package.ts';
import { testSubscription } from '../../rsp/profile/test_subscription.ts';
import { type Card, createCard } from '../card.ts';
import { DeviceError } from '../device_error.ts';
import { disableProfile, enableProfile } from '../lpa/es10_client.ts';
import { install, newCard, newSmdp } from '../test_card.ts';
import type { UsimAnswer } from './authenticate_usim.ts';

const { iccid, ki, opc } = testSubscription;
// Test set 1 of TS 35.208 has the keys of the test subscription.
const rand = fromHex('23553cbe9637a89d218ae64dae47bf35');
const amf = fromHex('8000');

function readyCard(upp?: Uint8Array): Card {
  const card = newCard();
  assert.equal(install(card, newSmdp(upp === undefined ? {} : { upp })), 'installed');
  enableProfile(card, iccid);
  return card;
}

/** SQN from SEQ and IND. */
const sqnOf = (sequence: number, index = 0) => BigInt(sequence) * 32n + BigInt(index);

function challenge(sqn: bigint, keys: { ki: Uint8Array; opc: Uint8Array } = { ki, opc }) {
  const { ak } = challengeAnswers({ ...keys, rand });
  const { macA } = challengeMacs({ ...keys, rand, sqn, amf });
  return { rand, autn: concat(xor(writeSqn(sqn), ak), amf, macA) };
}

/** SQN_MS of the AUTS, whose MAC-S must hold. */
function resynchronise(answer: UsimAnswer): bigint {
  assert.equal(answer.result, 'synch_failure');
  const { akStar } = challengeAnswers({ ki, opc, rand });
  const sqn = xor(answer.auts.subarray(0, 6), akStar);
  const { macS } = challengeMacs({ ki, opc, rand, sqn: BigInt(`0x${toHex(sqn)}`), amf: fromHex('0000') });
  assert.equal(toHex(answer.auts.subarray(6)), toHex(macS));
  return BigInt(`0x${toHex(sqn)}`);
}

describe('a USIM', () => {
  it('answers a fresh challenge with RES, CK and IK of TS 35.208', () => {
    const answer = readyCard().authenticate(challenge(sqnOf(1)));
    assert.equal(answer.result, 'success');
    assert.deepEqual([answer.res, answer.ck, answer.ik].map(toHex), [
      'A54211D5E3BA50BF',
      'B40BA9A3C58B2A05BBF0D987B21BF8CB',
      'F769BCD751044604127672711C6D3441',
    ]);
  });

  it('refuses a challenge that comes twice, and says from where to go on', () => {
    const card = readyCard();
    assert.equal(card.authenticate(challenge(sqnOf(7, 3))).result, 'success');
    assert.equal(resynchronise(card.authenticate(challenge(sqnOf(7, 3)))), sqnOf(7, 3));
    assert.equal(card.authenticate(challenge(sqnOf(8, 3))).result, 'success');
  });

  it('takes challenges out of order when each has an index of its own', () => {
    const card = readyCard();
    assert.equal(card.authenticate(challenge(sqnOf(9, 1))).result, 'success');
    assert.equal(card.authenticate(challenge(sqnOf(5, 2))).result, 'success');
    assert.equal(resynchronise(card.authenticate(challenge(sqnOf(4, 2)))), sqnOf(9, 1));
  });

  it('takes a sequence number far ahead for wrapped around, and one far back for too old', () => {
    const card = readyCard();
    const farthest = 0x10000000;
    assert.equal(card.authenticate(challenge(sqnOf(farthest + 1))).result, 'synch_failure');
    assert.equal(card.authenticate(challenge(sqnOf(farthest))).result, 'success');
    assert.equal(card.authenticate(challenge(sqnOf(0, 5))).result, 'synch_failure');
    assert.equal(card.authenticate(challenge(sqnOf(1, 5))).result, 'success');
  });

  it('never answers a network that does not know the key, and learns nothing from it', () => {
    const card = readyCard();
    const stranger = challenge(sqnOf(1000), { ki: Buffer.alloc(16, 1), opc });
    assert.deepEqual(card.authenticate(stranger), { result: 'mac_failure' });
    const cut = { rand, autn: challenge(sqnOf(1)).autn.subarray(0, 15) };
    assert.deepEqual(card.authenticate(cut), { result: 'mac_failure' });
    assert.equal(card.authenticate(challenge(sqnOf(1))).result, 'success');
  });

  it('remembers the sequence number without power, and while the profile is disabled', () => {
    const saved: string[] = [];
    const first = readyCard();
    const card = createCard(first.state, { onChange: (state) => saved.push(JSON.stringify(state)) });
    card.authenticate(challenge(sqnOf(6)));
    const again = createCard(JSON.parse(saved.at(-1) ?? ''));
    disableProfile(again, iccid);
    enableProfile(again, iccid);
    assert.equal(again.authenticate(challenge(sqnOf(6))).result, 'synch_failure');
  });

  it('is only there while its profile is enabled', () => {
    const card = newCard();
    const refused = (words: RegExp) => (error: unknown) =>
      error instanceof DeviceError && error.kind === 'refused_by_card' && words.test(error.message);
    assert.throws(() => card.authenticate(challenge(sqnOf(1))), refused(/no profile/));
    install(card);
    assert.throws(() => card.authenticate(challenge(sqnOf(1))), refused(/enable one/));
  });

  it('says so when its profile does not authenticate by Milenage', () => {
    const card = readyCard(buildProfilePackage({ ...testSubscription, algorithm: 'test-xor' }));
    assert.throws(() => card.authenticate(challenge(sqnOf(1))), /does not authenticate by Milenage/);
  });
});
