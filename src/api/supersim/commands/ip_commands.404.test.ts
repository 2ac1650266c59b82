import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendCommand } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { ctx, account, foreign, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;
const sim = await newLine(ctx, account);
const [sms, ip] = await write(ctx, {}, async (tx) => [
  await sendCommand(tx, { accountId, sim: sim.id, kind: 'sms', payload: 'x' }),
  await sendCommand(tx, { accountId, sim: sim.id, kind: 'ip', payload: 'x', devicePort: 1 }),
]);

for (const [what, sid, auth] of [
  ['an unknown SID', `HG${'0'.repeat(32)}`, account.auth],
  ['the SID of an SMS command', writeSid('smsCommand', sms.id), account.auth],
  ['the number of an SMS command', writeSid('ipCommand', sms.id), account.auth],
  ['the SID of a foreign one', writeSid('ipCommand', ip.id), foreign.auth],
] as const)
  test(`there is no IP command by ${what}`, async () => {
    const { status, body } = await call('GET', `/IpCommands/${sid}`, { auth });
    assert.deepEqual([status, body.code], [404, 20404]);
  });

for (const [what, Sim, auth] of [
  ['an unknown SIM', `HS${'0'.repeat(32)}`, account.auth],
  ['a foreign SIM', writeSid('sim', sim.id), foreign.auth],
] as const)
  test(`no command is sent to ${what}`, async () => {
    const form = { Sim, Payload: 'x', DevicePort: '1' };
    const { status, body } = await call('POST', '/IpCommands', { form, auth });
    assert.deepEqual([status, body.code], [404, 20404]);
  });
