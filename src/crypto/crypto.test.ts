// The primitives against published vectors, and against what they must refuse.
import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { aesCmac, createCmac } from './aes_cmac.ts';
import { curves } from './curve.ts';
import { signEcdsa, verifyEcdsa } from './ecdsa.ts';
import { agreeSecret, generateOneTimeKey, readOneTimeKey, writeOneTimeKey } from './one_time_key.ts';
import { publicPointOf, readPublicPoint } from './public_key.ts';
import { generateSigningKey, readSigningKey, writeSigningKey } from './signing_key.ts';
import { x963Kdf } from './x963_kdf.ts';

const bothCurves = ['P-256', 'brainpoolP256r1'] as const;

function isRefused(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

test('AES-CMAC agrees with RFC 4493, alone and when one cipher serves all messages', () => {
  const key = fromHex('2B7E151628AED2A6ABF7158809CF4F3C');
  const message = fromHex(
    '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710',
  );
  const vectors = [
    [0, 'BB1D6929E95937287FA37D129B756746'],
    [16, '070A16B46B4D4144F79BDD9DD04A287C'],
    [40, 'DFA66747DE9AE63030CA32611497C827'],
    [64, '51F0BEBF7E3B9D92FC49741779363CFE'],
  ] as const;
  const mac = createCmac(key);
  for (const [length, expected] of [...vectors, ...vectors]) {
    const part = message.subarray(0, length);
    assert.equal(toHex(aesCmac(key, part)), expected);
    assert.equal(toHex(mac(part.subarray(0, 5), part.subarray(5))), expected);
  }
});

test('the X9.63 derivation agrees with the NIST vectors for SHA-256', () => {
  const z = fromHex('96C05619D56C328AB95FE84B18264B08725B85E33FD34F08');
  assert.equal(toHex(x963Kdf(z, new Uint8Array(0), 16)), '443024C3DAE66B95E6F5670601558F71');
  const long = x963Kdf(
    fromHex('22518B10E70F2A3F243810AE3254139EFBEE04AA57C7AF7D'),
    fromHex('75EEF81AA3041E33B80971203D2C0C52'),
    128,
  );
  assert.equal(
    toHex(long),
    'C498AF77161CC59F2962B9A713E2B215152D139766CE34A776DF11866A69BF2E52A13D9C7C6FC878C50C5EA0BC7B00E0DA2447CFD874F6CF92F30D0097111485500C90C3AF8B487872D04685D14C8D1DC8D7FA08BEB0CE0ABABC11F0BD496269142D43525A78E5BC79A17F59676A5706DC54D54D4D1F0BD7E386128EC26AFC21',
  );
});

const ecdhVector = new URL('../../../shared/testdata/nist/ecdh-p256.txt', import.meta.url);
test('key agreement agrees with the NIST ECDH vector', {
  skip: !existsSync(ecdhVector) && 'no test data',
}, () => {
  const [own = '', peer = '', expected] = readFileSync(ecdhVector, 'latin1').trim().split(/\s+/);
  assert.equal(toHex(agreeSecret(readOneTimeKey('P-256', fromHex(own)), fromHex(peer))), expected);
});

test('key agreement agrees with RFC 5903 (P-256) and RFC 7027 (brainpoolP256r1)', () => {
  const p256 = readOneTimeKey(
    'P-256',
    fromHex('C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433'),
  );
  const peer =
    '04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB';
  assert.equal(
    toHex(agreeSecret(p256, fromHex(peer))),
    'D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE',
  );
  const brainpool = readOneTimeKey(
    'brainpoolP256r1',
    fromHex('81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D'),
  );
  const brainpoolPeer =
    '048D2D688C6CF93E1160AD04CC4429117DC2C41825E1E9FCA0ADDD34E6F1B39F7B990C57520812BE512641E47034832106BC7D3E8DD0E4C7F1136D7006547CEC6A';
  assert.equal(
    toHex(agreeSecret(brainpool, fromHex(brainpoolPeer))),
    '89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B',
  );
});

for (const curve of bothCurves) {
  test(`${curve}: both sides agree on 32 bytes, leading zeros kept, and a stored key stays the same key`, () => {
    const own = generateOneTimeKey(curve);
    let leadingZero = false;
    for (let i = 0; i < 2000 && !leadingZero; i++) {
      const peer = generateOneTimeKey(curve);
      const secret = agreeSecret(own, peer.publicKey);
      assert.equal(secret.length, 32);
      leadingZero = secret[0] === 0;
      if (leadingZero || i === 0) {
        assert.equal(toHex(agreeSecret(peer, own.publicKey)), toHex(secret));
        const stored = readOneTimeKey(curve, writeOneTimeKey(own));
        assert.equal(toHex(agreeSecret(stored, peer.publicKey)), toHex(secret));
      }
    }
    assert.ok(leadingZero);
  });

  test(`${curve}: a point off the curve, of another form or of the other curve is refused`, () => {
    const other = curve === 'P-256' ? 'brainpoolP256r1' : 'P-256';
    const { publicKey } = generateOneTimeKey(curve);
    const flipped = Buffer.from(publicKey);
    flipped[64] = (flipped[64] ?? 0) ^ 1;
    const ecdh = createECDH(curves[curve].opensslName);
    ecdh.generateKeys();
    const compressed = ecdh.getPublicKey(null, 'compressed');
    const tooLarge = Buffer.concat([Uint8Array.of(4), Buffer.alloc(64, 0xff)]);
    const zero = Buffer.concat([Uint8Array.of(4), Buffer.alloc(64)]);
    const foreign = generateOneTimeKey(other).publicKey;
    const own = generateOneTimeKey(curve);
    for (const bad of [flipped, compressed, tooLarge, zero, foreign, new Uint8Array(0), Uint8Array.of(0)]) {
      assert.throws(() => agreeSecret(own, bad), isRefused('malformed_der'));
      assert.throws(() => readPublicPoint(curve, bad), isRefused('invalid_certificate'));
    }
    assert.throws(() => readOneTimeKey(curve, new Uint8Array(32)), isRefused('invalid_request'));
  });

  test(`${curve}: a signature is 64 bytes, holds for its data and key only, and keys survive PEM`, () => {
    const key = generateSigningKey(curve);
    const publicKey = readPublicPoint(curve, key.publicPoint);
    const data = randomBytes(100);
    const signature = signEcdsa(key.privateKey, data);
    assert.equal(signature.length, 64);
    assert.ok(verifyEcdsa(publicKey, data, signature));
    assert.ok(!verifyEcdsa(publicKey, data.subarray(1), signature));
    assert.ok(!verifyEcdsa(readPublicPoint(curve, generateSigningKey(curve).publicPoint), data, signature));
    for (const bad of [
      new Uint8Array(0),
      signature.subarray(1),
      new Uint8Array(64),
      Buffer.alloc(64, 0xff),
      Buffer.alloc(65),
    ])
      assert.ok(!verifyEcdsa(publicKey, data, bad));
    const again = readSigningKey(writeSigningKey(key));
    assert.equal(again.curve, curve);
    assert.equal(toHex(again.publicPoint), toHex(key.publicPoint));
    assert.equal(toHex(publicPointOf(publicKey).point), toHex(key.publicPoint));
  });
}

test('a PEM that is no private key of our curves is refused', () => {
  for (const pem of ['', 'nonsense', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])
    assert.throws(() => readSigningKey(pem), isRefused('invalid_certificate'));
});
