import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRepeatedPackets } from './repeated_packets.ts';

test('a packet is known for 30 seconds from when it first came', () => {
  const packets = createRepeatedPackets<string>(10);
  assert.equal(packets.find('a', 0), null);
  packets.start('a', 0);
  assert.equal(packets.find('a', 1), 'under way');
  packets.answered('a', 'answer');
  assert.equal(packets.find('a', 29_999), 'answer');
  assert.equal(packets.find('a', 30_000), null);
});

test('a packet that failed is as one never seen', () => {
  const packets = createRepeatedPackets<string>(10);
  packets.start('a', 0);
  packets.failed('a');
  assert.equal(packets.find('a', 1), null);
});

test('no more are kept than the limit: the oldest go first', () => {
  const packets = createRepeatedPackets<string>(3);
  for (const key of ['a', 'b', 'c', 'd', 'e']) packets.start(key, 0);
  packets.answered('a', 'of one forgotten');
  const known = ['a', 'b', 'c', 'd', 'e'].filter((key) => packets.find(key, 0) !== null);
  assert.deepEqual(known, ['c', 'd', 'e']);
});
