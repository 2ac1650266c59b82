import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { foreign, call } = await openSuperSim(await testDatabase());
const path = '/NetworkAccessProfiles';
const form = { UniqueName: 'taken' };

test('a unique name of a profile is taken once in an account, but not in others', async () => {
  await call('POST', path, { form });
  const { body: other } = await call('POST', path);
  for (const target of [path, `${path}/${other.sid}`]) {
    const { status, body } = await call('POST', target, { form });
    assert.deepEqual([status, body.code], [409, 83011]);
  }
  assert.equal((await call('POST', path, { form, auth: foreign.auth })).status, 201);
});
