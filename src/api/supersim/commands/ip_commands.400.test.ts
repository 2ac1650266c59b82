import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());
await newLine(ctx, account, { uniqueName: 'meter' });
const good = { Sim: 'meter', Payload: 'x', DevicePort: '1' };
const { DevicePort: _, ...withoutPort } = good;

for (const [what, form, field, code] of [
  ['no port', withoutPort, 'DevicePort', 20002],
  ['nothing at all', {}, 'DevicePort', 20002],
  ['port 0', { ...good, DevicePort: '0' }, 'DevicePort', 20001],
  ['port 65536', { ...good, DevicePort: '65536' }, 'DevicePort', 20001],
  ['a port in words', { ...good, DevicePort: 'http' }, 'DevicePort', 20001],
  ['an empty payload', { ...good, Payload: '' }, 'Payload', 20001],
  ['1,301 bytes', { ...good, Payload: `${'x'.repeat(1_299)}é` }, 'Payload', 20001],
  ['bytes that are no base64', { ...good, Payload: '***', PayloadType: 'binary' }, 'Payload', 20001],
  ['an unknown payload type', { ...good, PayloadType: 'hex' }, 'PayloadType', 20001],
  ['a callback to our own network', { ...good, CallbackUrl: 'http://[::1]/' }, 'CallbackUrl', 20001],
] as const)
  test(`a command with ${what} is refused and not sent`, async () => {
    const { status, body } = await call('POST', '/IpCommands', { form });
    assert.deepEqual([status, body.code], [400, code]);
    assert.match(body.message, new RegExp(field));
    assert.deepEqual((await call('GET', '/IpCommands')).body.ip_commands, []);
  });

for (const [name, value] of [
  ['Status', 'delivered'],
  ['Direction', 'up'],
  ['SimIccid', 'x'.repeat(23)],
  ['PageSize', '1001'],
] as const)
  test(`a list of commands with ${name}=${value} is refused`, async () => {
    const { status, body } = await call('GET', '/IpCommands', { query: { [name]: value } });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(name));
  });
