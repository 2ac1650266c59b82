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
const send = (form: Record<string, string>, headers = {}) => call('POST', '/IpCommands', { form, headers });

test('an IP command is queued for a SIM by its SID or unique name', async () => {
  for (const key of [Sim, 'meter']) {
    const { status, body } = await send({ Sim: key, Payload: 'on é', DevicePort: '4000' });
    assert.equal(status, 201);
    assert.match(body.sid, /^HG[0-9a-f]{32}$/);
    assert.deepEqual(body, {
      sid: body.sid,
      account_sid: account.sid,
      sim_sid: Sim,
      sim_iccid: sim.iccid,
      status: 'queued',
      direction: 'to_sim',
      device_ip: null,
      device_port: 4_000,
      payload_type: 'text',
      payload: 'on é',
      date_created: body.date_created,
      date_updated: body.date_created,
      url: `${testBase}/IpCommands/${body.sid}`,
    });
  }
});

for (const [what, form, expected] of [
  ['1,300 bytes of text at the last port', { Payload: 'x'.repeat(1_300), DevicePort: '65535' }, 'text'],
  [
    '1,300 bytes as base64 at the first port',
    { Payload: Buffer.alloc(1_300).toString('base64'), PayloadType: 'binary', DevicePort: '1' },
    'binary',
  ],
] as const)
  test(`${what} fit`, async () => {
    const { status, body } = await send({ Sim, ...form });
    assert.deepEqual([status, body.payload_type, body.payload], [201, expected, form.Payload]);
  });

test('the URL that is told what becomes of it is kept with the command, once for an Idempotency-Key', async () => {
  const form = { Sim, Payload: 'x', DevicePort: '1', CallbackUrl: 'https://93.184.216.34/ip' };
  const headers = { 'idempotency-key': 'ip-1' };
  const { body } = await send(form, headers);
  assert.deepEqual((await send(form, headers)).body, body);
  const resourceIds = [readSid('ipCommand', body.sid) ?? ''];
  const [callback, ...others] = await findCallbacks(ctx, { accountId: account.account.id, resourceIds });
  assert.deepEqual(
    [callback?.url, callback?.method, callback?.topic, others.length],
    ['https://93.184.216.34/ip', 'POST', 'ip_command', 0],
  );
});
