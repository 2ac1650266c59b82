import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../../../rsp/version.ts';
import { canMove, downloadableStates, type ProfileState, profileMoves } from './profile.ts';

const states = Object.keys(profileMoves) as ProfileState[];

test('every state can be reached, and what is deleted or withdrawn stays so until it is released again', () => {
  const reached = new Set(states.flatMap((state) => profileMoves[state]));
  assert.deepEqual(
    states.filter((state) => !reached.has(state)),
    [],
  );
  assert.deepEqual(
    states.filter((state) => profileMoves[state].every((to) => to === 'released')),
    ['deleted', 'unavailable'],
  );
});

test('an installed profile is never downloadable again', () => {
  for (const to of downloadableStates) assert.ok(!canMove('installed', to), to);
});

for (const [a, b, sign] of [
  ['2.2.0', '2.2.0', 0],
  ['2.10.0', '2.9.9', 1],
  ['2.2.1', '2.3.0', -1],
  ['3.0.0', '2.255.255', 1],
] as const)
  test(`version ${a} against ${b}: ${sign}`, () => assert.equal(Math.sign(compareVersions(a, b)), sign));
