import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFleet, createNetworkAccessProfile, sendCommand } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;
const send = async (Sim: string) => {
  const { status, body } = await call('POST', '/SmsCommands', { form: { Sim, Payload: 'x' } });
  return [status, body.code];
};

test('a SIM that is not in service gets no command', async () => {
  await newLine(ctx, account, { uniqueName: 'new', status: 'new' });
  assert.deepEqual(await send('new'), [409, 83004]);
});

test('a SIM whose fleet has SMS commands switched off gets none', async () => {
  await write(ctx, {}, async (tx) => {
    const { id } = await createNetworkAccessProfile(tx, { accountId, networks: [] });
    const fleet = { accountId, networkAccessProfile: id, uniqueName: 'silent', smsCommandsEnabled: false };
    await createFleet(tx, fleet);
  });
  await newLine(ctx, account, { uniqueName: 'silenced', fleet: 'silent' });
  assert.deepEqual(await send('silenced'), [409, 83004]);
});

test('no more than 100 commands wait for a SIM', async () => {
  const { id: sim } = await newLine(ctx, account, { uniqueName: 'away' });
  await write(ctx, {}, async (tx) => {
    for (let n = 0; n < 99; n++) await sendCommand(tx, { accountId, sim, kind: 'sms', payload: 'x' });
  });
  assert.deepEqual(await send('away'), [201, undefined]);
  assert.deepEqual(await send('away'), [409, 83004]);
});
