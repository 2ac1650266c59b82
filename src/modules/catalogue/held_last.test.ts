import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldLast } from './held_last.ts';

test('a value is made once while it is held, and the one not asked for longest goes first', () => {
  const made: string[] = [];
  const held = new HeldLast<string>(2);
  const ask = (key: string) =>
    held.get(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  assert.deepEqual(['a', 'b', 'a', 'c', 'a', 'b'].map(ask), ['A', 'B', 'A', 'C', 'A', 'B']);
  assert.deepEqual(made, ['a', 'b', 'c', 'b']);
});
