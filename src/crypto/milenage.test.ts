// Milenage against the test sets of 3GPP TS 35.208, and against input that is none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { challengeAnswers, milenage, opcOf, readSqn, writeSqn } from './milenage.ts';

// TS 35.208 §4.3: K, RAND, SQN, AMF, OP, OPc, f1, f1*, f2, f5, f3, f4, f5*.
const testSets = {
  1: `465b5ce8b199b49faa5f0a2ee238a6bc 23553cbe9637a89d218ae64dae47bf35 ff9bb4d0b607 b9b9
      cdc202d5123e20f62b6d676ac72cb318 cd63cb71954a9f4e48a5994e37a02baf 4a9ffac354dfafb3 01cfaf9ec4e871e9
      a54211d5e3ba50bf aa689c648370 b40ba9a3c58b2a05bbf0d987b21bf8cb f769bcd751044604127672711c6d3441 451e8beca43b`,
  3: `fec86ba6eb707ed08905757b1bb44b8f 9f7c8d021accf4db213ccff0c7f71a6a 9d0277595ffc 725c
      dbc59adcb6f9a0ef735477b7fadf8374 1006020f0a478bf6b699f15c062e42b3 9cabc3e99baf7281 95814ba2b3044324
      8011c48c0c214ed2 33484dc2136b 5dbdbb2954e8f3cde665b046179a5098 59a92d3b476a0443487055cf88b2307b deacdd848cc6`,
  4: `9e5944aea94b81165c82fbf9f32db751 ce83dbc54ac0274a157c17f80d017bd6 0b604a81eca8 9e09
      223014c5806694c007ca1eeef57f004f a64a507ae1a2a98bb88eb4210135dc87 74a58220cba84c49 ac2cc74a96871837
      f365cd683cd92e96 f0b9c08ad02e e203edb3971574f5a94b0d61b816345d 0c4524adeac041c4dd830d20854fc46b 6085a86c6f63`,
};

describe('Milenage', () => {
  for (const [set, text] of Object.entries(testSets))
    it(`agrees with test set ${set} of TS 35.208`, () => {
      const [k = '', rand = '', sqn = '', amf = '', op = '', opc = '', ...expected] = text.split(/\s+/);
      const ki = fromHex(k);
      assert.equal(toHex(opcOf(ki, fromHex(op))), opc.toUpperCase());
      const out = milenage({
        ki,
        opc: fromHex(opc),
        rand: fromHex(rand),
        sqn: readSqn(fromHex(sqn)),
        amf: fromHex(amf),
      });
      const { macA, macS, res, ak, ck, ik, akStar } = out;
      assert.deepEqual(
        [macA, macS, res, ak, ck, ik, akStar].map((each) => toHex(each).toLowerCase()),
        expected,
      );
    });

  it('writes and reads the sequence number as 6 bytes, to the last value', () => {
    assert.equal(toHex(writeSqn(32n)), '000000000020');
    assert.equal(readSqn(writeSqn(2n ** 48n - 1n)), 2n ** 48n - 1n);
  });

  const good = { ki: new Uint8Array(16), opc: new Uint8Array(16), rand: new Uint8Array(16) };
  const mistakes: [string, () => unknown][] = [
    ['a short key', () => challengeAnswers({ ...good, ki: new Uint8Array(15) })],
    ['a long OPc', () => challengeAnswers({ ...good, opc: new Uint8Array(17) })],
    ['a short RAND', () => challengeAnswers({ ...good, rand: new Uint8Array(8) })],
    ['an AMF of one byte', () => milenage({ ...good, sqn: 0n, amf: new Uint8Array(1) })],
    ['an SQN of 49 bits', () => milenage({ ...good, sqn: 2n ** 48n, amf: new Uint8Array(2) })],
    ['a negative SQN', () => writeSqn(-1n)],
    ['an SQN of 5 bytes', () => readSqn(new Uint8Array(5))],
    ['an OP of no bytes', () => opcOf(good.ki, new Uint8Array(0))],
  ];
  for (const [title, run] of mistakes)
    it(`refuses ${title}`, () => {
      assert.throws(run, (error) => error instanceof AppError && error.code === 'invalid_request');
    });
});
