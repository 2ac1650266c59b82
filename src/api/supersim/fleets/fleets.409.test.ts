import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { foreign, call } = await openSuperSim(await testDatabase());
await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap' } });
const create = (UniqueName: string, parts = {}) =>
  call('POST', '/Fleets', { form: { NetworkAccessProfile: 'nap', UniqueName, ...parts } });

test('a unique name is taken once in an account, and again after it was given up', async () => {
  assert.equal((await create('taken')).status, 201);
  const { status, body } = await create('taken', { SmsCommandsUrl: 'https://93.184.216.34/' });
  assert.deepEqual([status, body.code], [409, 83011]);
  const { body: other } = await create('other');
  const renamed = await call('POST', `/Fleets/${other.sid}`, { form: { UniqueName: 'taken' } });
  assert.deepEqual([renamed.status, renamed.body.code], [409, 83011]);
  await call('POST', '/Fleets/taken', { form: { UniqueName: '' } });
  assert.equal((await create('taken')).status, 201);
});

test('another account may have the same name', async () => {
  await create('shared');
  const { auth } = foreign;
  await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap' }, auth });
  const form = { NetworkAccessProfile: 'nap', UniqueName: 'shared' };
  assert.equal((await call('POST', '/Fleets', { form, auth })).status, 201);
});
