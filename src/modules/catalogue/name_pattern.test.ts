import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNamePattern } from './name_pattern.ts';

const cases: [pattern: string, text: string, fits: boolean][] = [
  ['1gb', 'esim, 1gb, 7 days', true],
  ['1GB', 'esim, 1gb, 7 days', true],
  ['2gb', 'esim, 1gb, 7 days', false],
  ['', 'anything', true],
  ['*', '', true],
  ['esim*', 'esim, 1gb', true],
  ['gb*', 'esim, 1gb', false],
  ['*1gb', 'esim, 1gb', true],
  ['*esim', 'esim, 1gb', false],
  ['%1gb%', 'esim, 1gb, 7 days', true],
  ['es*gb*days', 'esim, 1gb, 7 days', true],
  ['es*days*gb*', 'esim, 1gb, 7 days', false],
  ['e**s', 'es', true],
  // What two parts share is not found twice.
  ['aba*aba', 'ababa', false],
  ['aba*aba', 'abaaba', true],
  ['*ab*ab*', 'aab', false],
  // Nothing else is a wildcard.
  ['e.im', 'esim', false],
  ['1gb?', 'esim, 1gb', false],
  ['(1gb)', 'esim (1gb)', true],
];
for (const [pattern, text, fits] of cases) {
  test(`${JSON.stringify(pattern)} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
    assert.equal(readNamePattern(pattern)(text), fits);
  });
}

test('a pattern of many wildcards costs no more than reading the text', () => {
  const text = 'a'.repeat(100_000);
  const since = performance.now();
  assert.equal(readNamePattern(`${'*a'.repeat(100)}*b`)(text), false);
  assert.ok(performance.now() - since < 500);
});
