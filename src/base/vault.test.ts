import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVault } from './vault.ts';

const oldKey = { id: 1, key: Buffer.alloc(32, 1) };
const newKey = { id: 2, key: Buffer.alloc(32, 2) };

test('a sealed secret opens only for what it belongs to', () => {
  const vault = createVault([oldKey]);
  const sealed = vault.seal(Buffer.from('ki'), '8949449999999990163');
  assert.equal(vault.open(sealed, '8949449999999990163').toString(), 'ki');
  assert.throws(() => vault.open(sealed, '8949449999999990049'));
});

test('a changed byte anywhere in a sealed secret is noticed', () => {
  const vault = createVault([oldKey]);
  const sealed = vault.seal(Buffer.from('secret'), 'x');
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i] = (changed[i] ?? 0) ^ 1;
    assert.throws(() => vault.open(changed, 'x'), `byte ${i}`);
  }
});

test('after rotation the old secrets still open and new ones are sealed with the new key', () => {
  const sealed = createVault([oldKey]).seal(Buffer.from('old'), 'x');
  const rotated = createVault([newKey, oldKey]);
  assert.equal(rotated.open(sealed, 'x').toString(), 'old');
  assert.equal(rotated.seal(Buffer.from('new'), 'x')[0], 2);
  assert.throws(() => createVault([newKey]).open(sealed, 'x'));
});

test('each key gives another key for each purpose, the newest first, and the same one every time', () => {
  const rotated = createVault([newKey, oldKey]);
  const [first, second] = rotated.derivedKeys('tokens');
  assert.deepEqual(createVault([oldKey]).derivedKeys('tokens'), [second]);
  assert.deepEqual(createVault([newKey]).derivedKeys('tokens'), [first]);
  const all = [...rotated.derivedKeys('tokens'), ...rotated.derivedKeys('other'), newKey.key, oldKey.key];
  assert.equal(new Set(all.map((key) => key.toString('hex'))).size, 6);
  assert.equal(first?.length, 32);
});
