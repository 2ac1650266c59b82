import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());
await newLine(ctx, account, { uniqueName: 'meter' });
const good = { Sim: 'meter', Payload: 'x' };

for (const [what, form, field, code] of [
  ['no payload', { Sim: 'meter' }, 'Payload', 20002],
  ['no SIM', { Payload: 'x' }, 'Sim', 20002],
  ['nothing at all', {}, 'Sim', 20002],
  ['an empty payload', { ...good, Payload: '' }, 'Payload', 20001],
  ['161 characters', { ...good, Payload: 'x'.repeat(161) }, 'Payload', 20001],
  ['a zero character', { ...good, Payload: 'a\0b' }, 'Payload', 20001],
  ['two payloads', { ...good, Payload: ['a', 'b'] }, 'Payload', 20001],
  ['a callback that is no URL', { ...good, CallbackUrl: 'nowhere' }, 'CallbackUrl', 20001],
  ['a callback to our own network', { ...good, CallbackUrl: 'http://10.0.0.1/' }, 'CallbackUrl', 20001],
  ['an empty callback', { ...good, CallbackUrl: '' }, 'CallbackUrl', 20001],
  ['an unknown method', { ...good, CallbackMethod: 'DELETE' }, 'CallbackMethod', 20001],
] as const)
  test(`a command with ${what} is refused and not sent`, async () => {
    const { status, body } = await call('POST', '/SmsCommands', { form });
    assert.deepEqual([status, body.code], [400, code]);
    assert.match(body.message, new RegExp(field));
    assert.deepEqual((await call('GET', '/SmsCommands')).body.sms_commands, []);
  });

for (const [name, value] of [
  ['Status', 'lost'],
  ['Status', 'Queued'],
  ['Direction', 'sideways'],
  ['Sim', ''],
  ['Status', ['sent', 'failed']],
  ['PageToken', `PA${Buffer.from('sim_0').toString('base64url')}`],
] as const)
  test(`a list of commands with ${name}=${value} is refused`, async () => {
    const { status, body } = await call('GET', '/SmsCommands', { query: { [name]: value } });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(name));
  });
