import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCallbacks } from '../../../modules/webhooks/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { newLine } from '../test_lines.ts';
import { openSuperSim, testBase } from '../test_supersim.ts';
import { readSid, writeSid } from '../wire/sid.ts';

const { ctx, account, call } = await openSuperSim(await testDatabase());
const sim = await newLine(ctx, account, { uniqueName: 'meter' });
const Sim = writeSid('sim', sim.id);
const send = (form: Record<string, string>, headers = {}) => call('POST', '/SmsCommands', { form, headers });

test('an SMS command is queued for a SIM by its SID or unique name', async () => {
  for (const key of [Sim, 'meter']) {
    const { status, body } = await send({ Sim: key, Payload: 'report é' });
    assert.equal(status, 201);
    assert.match(body.sid, /^HC[0-9a-f]{32}$/);
    assert.deepEqual(body, {
      sid: body.sid,
      account_sid: account.sid,
      sim_sid: Sim,
      payload: 'report é',
      status: 'queued',
      direction: 'to_sim',
      date_created: body.date_created,
      date_updated: body.date_created,
      url: `${testBase}/SmsCommands/${body.sid}`,
    });
  }
});

test('the URL that is told what becomes of it is kept with the command', async () => {
  const form = { Sim, Payload: 'x', CallbackUrl: 'https://93.184.216.34/sms', CallbackMethod: 'GET' };
  const { body } = await send(form);
  const resourceIds = [readSid('smsCommand', body.sid) ?? ''];
  const [callback, ...others] = await findCallbacks(ctx, { accountId: account.account.id, resourceIds });
  assert.deepEqual(
    [callback?.url, callback?.method, callback?.topic, others.length],
    ['https://93.184.216.34/sms', 'GET', 'sms_command', 0],
  );
});

test('160 characters fit, and fields that no command has are left alone', async () => {
  const { status, body } = await send({ Sim, Payload: 'é'.repeat(160), DevicePort: '99999', Colour: 'red' });
  assert.deepEqual([status, body.payload.length], [201, 160]);
});

test('a command is sent once for an Idempotency-Key', async () => {
  const headers = { 'idempotency-key': 'sms-1' };
  const form = { Sim, Payload: 'once', CallbackUrl: 'https://93.184.216.34/sms' };
  const { body } = await send(form, headers);
  assert.deepEqual((await send(form, headers)).body, body);
  const { body: listed } = await call('GET', '/SmsCommands', { query: { PageSize: 1_000 } });
  assert.equal(listed.sms_commands.filter((each: { payload: string }) => each.payload === 'once').length, 1);
});
