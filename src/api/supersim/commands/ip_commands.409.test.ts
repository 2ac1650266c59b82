import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());

test('a SIM that is not in service gets no command, and the answer is that of the vendor for IP commands', async () => {
  await newLine(ctx, account, { uniqueName: 'new', status: 'new' });
  const form = { Sim: 'new', Payload: 'x', DevicePort: '1' };
  const { status, body } = await call('POST', '/IpCommands', { form });
  assert.deepEqual([status, body.code], [409, 83400]);
  assert.deepEqual((await call('GET', '/IpCommands')).body.ip_commands, []);
});
