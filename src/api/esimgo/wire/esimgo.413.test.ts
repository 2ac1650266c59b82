import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../base/limits.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { openThings } from './test_things.ts';

const things = openThings(await openEsimGo(await testDatabase(), { stock: 0 }));
const bodyOf = (bytes: number) => `{"unknown":"${'x'.repeat(bytes - 14)}"}`;
const post = (body: string) =>
  things.call('POST', '/things', { body, headers: { 'content-type': 'application/json' } });

test('a body of more than 1 MiB is refused', async () => {
  const { status, body } = await post(bodyOf(limits.apiBodyBytesMax + 1));
  assert.deepEqual([status, body], [413, { message: 'The body is too large. Send at most 1 MiB.' }]);
});

test('one of 1 MiB is read', async () => {
  assert.equal((await post(bodyOf(limits.apiBodyBytesMax))).status, 200);
});
