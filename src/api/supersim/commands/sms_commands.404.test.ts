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
const sim = await newLine(ctx, account, { uniqueName: 'meter' });
const [sms, ip] = await write(ctx, {}, async (tx) => [
  await sendCommand(tx, { accountId, sim: sim.id, kind: 'sms', payload: 'x' }),
  await sendCommand(tx, { accountId, sim: sim.id, kind: 'ip', payload: 'x', devicePort: 1 }),
]);

for (const [what, sid, auth] of [
  ['an unknown SID', `HC${'0'.repeat(32)}`, account.auth],
  ['the SID of an IP command', writeSid('ipCommand', ip.id), account.auth],
  ['the number of an IP command', writeSid('smsCommand', ip.id), account.auth],
  ['our own kind of id', sms.id, account.auth],
  ['no SID at all', 'HC0', account.auth],
  ['the SID of a foreign one', writeSid('smsCommand', sms.id), foreign.auth],
] as const)
  test(`there is no SMS command by ${what}`, async () => {
    const { status, body } = await call('GET', `/SmsCommands/${sid}`, { auth });
    assert.deepEqual(
      [status, body.code, body.message],
      [404, 20404, `The requested resource /SmsCommands/${sid} was not found`],
    );
  });

for (const [what, Sim, auth] of [
  ['an unknown SID', `HS${'0'.repeat(32)}`, account.auth],
  ['an unknown name', 'nobody', account.auth],
  ['the SID of a foreign SIM', writeSid('sim', sim.id), foreign.auth],
  ['the name of a foreign SIM', 'meter', foreign.auth],
] as const)
  test(`no command is sent to ${what}`, async () => {
    const { status, body } = await call('POST', '/SmsCommands', { form: { Sim, Payload: 'x' }, auth });
    assert.deepEqual([status, body.code], [404, 20404]);
  });
