import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { kcvOf, openKey, type TransportAlgorithm, transportAlgorithms } from './transport_key.ts';

const key = Buffer.from('404142434445464748494a4b4c4d4e4f5051525354555657', 'hex');
const text = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');

/** What OpenSSL makes of it, with a cipher for this one text. */
function opensslOf(algorithm: TransportAlgorithm, bytes: number): Buffer {
  const [family, mode] = algorithm.split('-');
  const used =
    family === '3des' && bytes === 16 ? Buffer.concat([key.subarray(0, 16), key.subarray(0, 8)]) : key;
  const name = family === 'aes' ? `aes-${bytes * 8}-${mode}` : `des-ede3-${mode}`;
  const of = family === 'aes' ? key.subarray(0, bytes) : used;
  const vector = mode === 'cbc' ? Buffer.alloc(family === 'aes' ? 16 : 8) : null;
  const cipher = createCipheriv(name, of, vector).setAutoPadding(false);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

for (const algorithm of transportAlgorithms)
  for (const bytes of [16, 24])
    test(`${algorithm} with a key of ${bytes} bytes is that of OpenSSL, value after value`, () => {
      const open = openKey(algorithm, key.subarray(0, bytes));
      const wanted = opensslOf(algorithm, bytes);
      for (let times = 0; times < 3; times++) {
        assert.deepEqual(open.encipher(text), wanted);
        assert.deepEqual(open.decipher(wanted), text);
        assert.deepEqual(open.decipher(wanted.subarray(0, 16)), text.subarray(0, 16));
      }
    });

test('the check value is that of a block of zeros (FIPS 197 key 2b7e…)', () => {
  assert.equal(kcvOf(openKey('aes-ecb', Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex'))), '7DF76B');
});

test('a key of another length is refused with the lengths there are', () => {
  for (const [algorithm, bytes] of [
    ['aes-ecb', 8],
    ['aes-cbc', 20],
    ['3des-ecb', 32],
    ['3des-cbc', 0],
  ] as const)
    assert.throws(() => openKey(algorithm, Buffer.alloc(bytes)), { code: 'invalid_request' });
});
