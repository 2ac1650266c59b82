// SCP03t: what is protected comes back, one way only; anything else is refused for the right reason.
import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { readTlv, type Tlv } from '../der/tlv.ts';
import { tlv } from '../der/write_tlv.ts';
import { aesCmac } from './aes_cmac.ts';
import { BlockError } from './block_error.ts';
import { splitBlockKeys } from './block_keys.ts';
import { createBlockOpener } from './block_opener.ts';
import { createBlockProtector } from './block_protector.ts';

const keys = splitBlockKeys(Buffer.from(Array.from({ length: 48 }, (_, i) => i)));

function refuses(fault: BlockError['fault'], action: () => unknown): void {
  assert.throws(action, (error) => error instanceof BlockError && error.fault === fault);
}

/** The same protection written the long way round: new cipher objects for every block. */
function protectPlainly(blocks: { tag: number; data: Buffer; encrypted: boolean }[]): string[] {
  let chain: Uint8Array = keys.initialMac;
  return blocks.map(({ tag, data, encrypted }, index) => {
    const counter = Buffer.alloc(16);
    counter.writeUInt32BE(index + 1, 12);
    const iv = createCipheriv('aes-128-ecb', keys.encKey, null).update(counter);
    const padded = Buffer.concat([data, Uint8Array.of(0x80), Buffer.alloc(15 - (data.length % 16))]);
    const body = encrypted ? createCipheriv('aes-128-cbc', keys.encKey, iv).update(padded) : data;
    const unsigned = tlv(tag, body, Buffer.alloc(8)).subarray(0, -8);
    chain = aesCmac(keys.macKey, Buffer.concat([chain, unsigned]));
    return toHex(Buffer.concat([unsigned, chain.subarray(0, 8)]));
  });
}

test('reused ciphers give byte for byte what new ciphers for every block give', () => {
  const sizes = [0, 1, 15, 16, 17, 100, 1007, 3];
  const blocks = sizes.map((size, i) => ({
    tag: i % 3 === 2 ? 0x88 : 0x87,
    data: randomBytes(size),
    encrypted: i % 3 !== 2,
  }));
  const protector = createBlockProtector(keys);
  const made = blocks.map(({ tag, data, encrypted }) =>
    toHex(encrypted ? protector.encrypt(tag, data) : protector.authenticate(tag, data)),
  );
  assert.deepEqual(made, protectPlainly(blocks));
});

test('what was protected comes back in order, and a full block is exactly 1020 bytes', () => {
  const protector = createBlockProtector(keys);
  const opener = createBlockOpener(keys);
  for (const size of [0, 5, 16, 1007, 1007, 200]) {
    const plaintext = randomBytes(size);
    assert.equal(toHex(opener.decrypt(readTlv(protector.encrypt(0x86, plaintext)))), toHex(plaintext));
    assert.equal(toHex(opener.verify(readTlv(protector.authenticate(0x88, plaintext)))), toHex(plaintext));
  }
  assert.equal(protector.encrypt(0x86, Buffer.alloc(1007)).length, 1020);
  assert.equal(protector.authenticate(0x88, Buffer.alloc(1008)).length, 1020);
  assert.throws(() => protector.encrypt(0x86, Buffer.alloc(1008)), /assertion/);
});

test('a changed, repeated, skipped or swapped block fails its MAC', () => {
  const made = () => {
    const protector = createBlockProtector(keys);
    return [protector.encrypt(0x86, Buffer.from('one')), protector.encrypt(0x86, Buffer.from('two'))].map(
      (b) => readTlv(b),
    );
  };
  const [one, two] = made() as [Tlv, Tlv];
  for (let at = 0; at < one.raw.length; at++) {
    const bent = Buffer.from(one.raw);
    bent[at] = (bent[at] ?? 0) ^ 0x01;
    const head = bent.subarray(0, 2);
    refuses('security', () =>
      createBlockOpener(keys).decrypt({ tag: head[0] ?? 0, value: bent.subarray(2), raw: bent }),
    );
  }
  refuses('security', () => createBlockOpener(keys).decrypt(two));
  const opener = createBlockOpener(keys);
  opener.decrypt(one);
  refuses('security', () => opener.decrypt(one));
});

test('a block that is authentic but badly padded, too long or cut is refused', () => {
  const authentic = (tag: number, data: Buffer) =>
    readTlv(createBlockProtector(keys).authenticate(tag, data));
  refuses('security', () => createBlockOpener(keys).decrypt(authentic(0x86, randomBytes(16).fill(1))));
  refuses('structure', () => createBlockOpener(keys).decrypt(authentic(0x86, randomBytes(15))));
  refuses('structure', () => createBlockOpener(keys).decrypt(authentic(0x86, Buffer.alloc(0))));
  refuses('structure', () => createBlockOpener(keys).verify(readTlv(tlv(0x88, Buffer.alloc(1017)))));
  refuses('structure', () => createBlockOpener(keys).verify(readTlv(tlv(0x88, Buffer.alloc(7)))));
});
