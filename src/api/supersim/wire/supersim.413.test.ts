import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());

test('a form of more than 64 KiB is refused before it is read to the end', async () => {
  const { status, body } = await door.call('POST', '/ESimProfiles', { form: `Eid=${'1'.repeat(64 * 1024)}` });
  assert.deepEqual([status, body.code], [413, 20001]);
});

test('one of 64 KiB is read', async () => {
  const { status, body } = await door.call('POST', '/ESimProfiles', {
    form: `Eid=${'1'.repeat(64 * 1024 - 4)}`,
  });
  assert.deepEqual([status, body.code], [400, 20001]);
});

test('more than 200 fields are refused, in a form and in a query', async () => {
  const fields = 'a=1&'.repeat(201);
  const inForm = await door.call('POST', '/ESimProfiles', { form: fields });
  const inQuery = await door.call('GET', '/ESimProfiles', { query: fields });
  for (const { status, body } of [inForm, inQuery]) {
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, /at most 200 fields/);
  }
});
