import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveCommand, reportCommand, sendCommand, takeCommands } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { attach, newLine } from '../test_lines.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { ctx, account, foreign, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;
const [sim, other] = [await newLine(ctx, account, { uniqueName: 'meter' }), await newLine(ctx, account)];
const content = { accountId, kind: 'ip', payload: 'hi', devicePort: 7 } as const;

const ipV4 = await attach(ctx, sim);
const [sent, queued, received, bytes] = await write(ctx, {}, async (tx) => {
  const made = [await sendCommand(tx, { ...content, sim: sim.id })];
  await takeCommands(tx, { accountId, sim: sim.id });
  made.push(await sendCommand(tx, { ...content, sim: other.id }));
  made.push(await receiveCommand(tx, { ...content, sim: sim.id }));
  made.push(await receiveCommand(tx, { ...content, sim: sim.id, payload: 'AQI=', payloadType: 'binary' }));
  await sendCommand(tx, { accountId, kind: 'sms', payload: 'x', sim: sim.id });
  return made.map(({ id }) => writeSid('ipCommand', id));
});

const fetch = async (sid: string | undefined) => (await call('GET', `/IpCommands/${sid}`)).body;
const listed = async (query: Record<string, string | number>, auth = account.auth) =>
  (await call('GET', '/IpCommands', { query, auth })).body.ip_commands.map((each: any) => each.sid);

test('a command has the address of its device once it is sent', async () => {
  const told = async (sid: string | undefined) => {
    const { status, device_ip, device_port, sim_iccid, payload_type, payload } = await fetch(sid);
    return [status, device_ip, device_port, sim_iccid, payload_type, payload];
  };
  assert.deepEqual(await told(queued), ['queued', null, 7, other.iccid, 'text', 'hi']);
  assert.deepEqual(await told(sent), ['sent', ipV4, 7, sim.iccid, 'text', 'hi']);
});

test('what comes from a device is shown as bytes, however it came', async () => {
  const told = async (sid: string | undefined) => {
    const { status, direction, device_ip, payload_type, payload } = await fetch(sid);
    return [status, direction, device_ip, payload_type, payload];
  };
  assert.deepEqual(await told(received), ['received', 'from_sim', ipV4, 'binary', 'aGk=']);
  assert.deepEqual(await told(bytes), ['received', 'from_sim', ipV4, 'binary', 'AQI=']);
});

test('commands are listed newest first, without those by SMS', async () => {
  assert.deepEqual(await listed({}), [bytes, received, queued, sent]);
  assert.deepEqual(await listed({}, foreign.auth), []);
});

test('commands are listed by SIM, ICCID, status and direction, and by all of them', async () => {
  const Sim = writeSid('sim', sim.id);
  const SimIccid = sim.iccid;
  for (const query of [{ Sim }, { SimIccid }, { Sim: 'meter', SimIccid }])
    assert.deepEqual(await listed(query as Record<string, string>), [bytes, received, sent]);
  assert.deepEqual(await listed({ Sim, Status: 'received', Direction: 'from_sim' }), [bytes, received]);
  assert.deepEqual(await listed({ Status: 'queued' }), [queued]);
  for (const query of [
    { Sim, SimIccid: other.iccid },
    { Sim: 'nobody' },
    { SimIccid: '8949000000000000000' },
    { Sim: 'nobody', SimIccid: '8949000000000000000' },
  ])
    assert.deepEqual(await listed(query as Record<string, string>), []);
  assert.deepEqual(await listed({ SimIccid }, foreign.auth), []);
});

test('a command that its mobile core says it delivered is sent, and is listed as that', async () => {
  const ours = await newLine(ctx, account);
  await attach(ctx, ours);
  const { id } = await write(ctx, {}, async (tx) => {
    const command = await sendCommand(tx, { ...content, sim: ours.id });
    await takeCommands(tx, { accountId, sim: ours.id });
    return await reportCommand(tx, { accountId, id: command.id, status: 'delivered' });
  });
  const sid = writeSid('ipCommand', id);
  assert.equal((await fetch(sid)).status, 'sent');
  assert.deepEqual(await listed({ Sim: writeSid('sim', ours.id), Status: 'sent' }), [sid]);
});
