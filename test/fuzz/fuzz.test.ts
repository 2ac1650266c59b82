import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../src/pg/test_database.ts';
import { damageDer } from './damage_der.ts';
import { readTree, writeTree } from './der_tree.ts';
import { runFuzz } from './run_fuzz.ts';
import { seededRandom } from './seeded_random.ts';

test('whatever is sent to ES9+ and ES2+ is answered in their dialect, and changes nothing without proof', async () => {
  const { connectionString } = await testDatabase();
  const { faults, counts, messages } = await runFuzz({
    messages: 3_000,
    seed: 1,
    databaseUrl: connectionString,
  });
  assert.deepEqual(faults, []);
  assert.ok(messages >= 3_000);
  // It goes deep enough to matter: packages are bound, orders confirmed, and both bindings answer.
  for (const what of [
    'getBoundProfilePackage honest ok',
    'getBoundProfilePackage honest asn1 ok',
    'confirmOrder honest ok',
  ])
    assert.ok((counts.get(what) ?? 0) > 0, what);
});

test('the same seed does the same damage, and always some', () => {
  const der = Buffer.from('300a02010104023132a0010c', 'hex');
  const run = () => {
    const random = seededRandom(7);
    return Array.from({ length: 300 }, () => damageDer(der, random));
  };
  const all = run();
  assert.deepEqual(all, run());
  assert.ok(all.every((each) => !each.equals(der)));
  assert.ok(new Set(all.map((each) => each.toString('hex'))).size > 200);
});

test('a tree that is not damaged is written as it was read', () => {
  const der = Buffer.from('bf27128010000102030405060708090a0b0c0d0e0f5f37020102', 'hex');
  const tree = readTree(der);
  assert.ok(tree);
  assert.deepEqual(writeTree(tree), der);
  assert.equal(readTree(der.subarray(0, -1)), undefined);
});
