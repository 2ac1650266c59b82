import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import {
  attachLine,
  createFleet,
  getCommand,
  listCommands,
  type NewCommand,
  receiveCommand,
  reportCommand,
  sendCommand,
  simsDueWork,
  takeCommands,
  updateSim,
} from '../index.ts';
import { allowCountries, openLines } from '../test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const other = await openLines(ctx);
const { accountId } = lines;

const send = (sim: string, parts: Partial<NewCommand> = {}) =>
  write(ctx, {}, (tx) => sendCommand(tx, { accountId, sim, kind: 'sms', payload: 'hello', ...parts }));
const receive = (sim: string, parts: Partial<NewCommand> = {}) =>
  write(ctx, {}, (tx) => receiveCommand(tx, { accountId, sim, kind: 'sms', payload: 'hi', ...parts }));
const attach = (sim: string) =>
  write(ctx, {}, (tx) => attachLine(tx, { accountId, sim, mcc: '204', mnc: '08' }));
const take = (sim: string, now = ctx.now) =>
  write({ ...ctx, now }, {}, (tx) => takeCommands(tx, { accountId, sim }));
const report = (id: string, status: 'delivered' | 'failed', error?: string) =>
  write(ctx, {}, (tx) => reportCommand(tx, { accountId, id, status, ...(error !== undefined && { error }) }));
const typesOf = async (id: string) => (await lines.events(id)).map(({ type }) => type);
const hours = (count: number) => new Date(ctx.now.getTime() + count * 3_600_000);

test('an SMS command waits until the line is attached, is sent once, and is delivered', async () => {
  const sim = await lines.newLine();
  const first = await send(sim.id);
  const second = await send(sim.iccid, { payload: 'again' });
  assert.deepEqual(await take(sim.id), []);
  await attach(sim.id);
  assert.deepEqual(
    (await take(sim.imsi)).map(({ id, status }) => [id, status]),
    [
      [first.id, 'sent'],
      [second.id, 'sent'],
    ],
  );
  assert.deepEqual(await take(sim.id), []);
  assert.equal((await report(first.id, 'delivered')).status, 'delivered');
  assert.equal((await report(first.id, 'delivered')).status, 'delivered');
  assert.equal((await report(second.id, 'failed', 'no memory')).error, 'no memory');
  assert.deepEqual(await typesOf(first.id), ['command.queued', 'command.sent', 'command.delivered']);
  assert.deepEqual(await typesOf(second.id), ['command.queued', 'command.sent', 'command.failed']);
  await assert.rejects(report(first.id, 'failed'), { code: 'conflict' });
});

test('two networks that take at the same time take each command once', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  for (let n = 0; n < 10; n++) await send(sim.id);
  const taken = (await Promise.all([take(sim.id), take(sim.id), take(sim.id)])).flat();
  assert.equal(taken.length, 10);
  assert.equal(new Set(taken.map(({ id }) => id)).size, 10);
});

test('an IP command goes to the address of the line, and ends when it is sent', async () => {
  const sim = await lines.newLine();
  const { ipV4 } = await attach(sim.id);
  const queued = await send(sim.id, { kind: 'ip', devicePort: 4000 });
  assert.equal(queued.deviceIp, null);
  await take(sim.id);
  while ((await simsDueWork.runDue({ ...ctx, now: hours(25) }, accountId)) > 0);
  const { status, deviceIp, devicePort } = await getCommand(ctx, { accountId, id: queued.id });
  assert.deepEqual([status, deviceIp, devicePort], ['sent', ipV4, 4000]);
});

test('what a device sends is told with all that its receiver needs', async () => {
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, uniqueName: 'meter' }));
  const { id } = await receive(sim.imsi, { payload: 'temp=21' });
  const [told] = await lines.events(id);
  assert.deepEqual(
    [told?.type, told?.data],
    [
      'command.received',
      {
        simId: sim.id,
        iccid: sim.iccid,
        simUniqueName: 'meter',
        fleetId: null,
        kind: 'sms',
        direction: 'from_sim',
        status: 'received',
        payload: 'temp=21',
        payloadType: 'text',
        deviceIp: null,
        devicePort: null,
        error: null,
      },
    ],
  );
});

test('an IP command comes only from a line with an address', async () => {
  const sim = await lines.newLine();
  const parts = { kind: 'ip', devicePort: 9, payload: 'AQI=', payloadType: 'binary' } as const;
  await assert.rejects(receive(sim.id, parts), { code: 'conflict' });
  const { ipV4 } = await attach(sim.id);
  assert.equal((await receive(sim.id, parts)).deviceIp, ipV4);
});

for (const [what, parts] of [
  ['160 characters', { payload: '€'.repeat(160) }],
  ['140 bytes', { payload: Buffer.alloc(140).toString('base64'), payloadType: 'binary' }],
  ['1,300 bytes of IP', { kind: 'ip', devicePort: 65535, payload: 'x'.repeat(1300) }],
] as const)
  test(`a command may have ${what}`, async () => {
    const sim = await lines.newLine();
    assert.equal((await send(sim.id, parts)).status, 'queued');
  });

for (const [what, field, parts] of [
  ['161 characters', 'payload', { payload: 'x'.repeat(161) }],
  ['no payload', 'payload', { payload: '' }],
  ['a zero character', 'payload', { payload: 'a\0b' }],
  ['half a character', 'payload', { payload: '\ud800' }],
  ['141 bytes', 'payload', { payload: Buffer.alloc(141).toString('base64'), payloadType: 'binary' }],
  ['a binary payload that is no base64', 'payload', { payload: '***', payloadType: 'binary' }],
  ['1,301 bytes of IP', 'payload', { kind: 'ip', devicePort: 1, payload: `${'x'.repeat(1299)}é` }],
  ['an IP payload without a port', 'devicePort', { kind: 'ip' }],
  ['port 0', 'devicePort', { kind: 'ip', devicePort: 0 }],
  ['port 65536', 'devicePort', { kind: 'ip', devicePort: 65536 }],
  ['an SMS with a port', 'devicePort', { devicePort: 1 }],
] as const)
  test(`a command with ${what} is refused`, async () => {
    const sim = await lines.newLine();
    await assert.rejects(send(sim.id, parts), (error: any) => {
      assert.deepEqual([error.code, error.fields[0].field], ['invalid_request', field]);
      return true;
    });
  });

test('a line that is not in service neither gets nor sends commands', async () => {
  const sim = await lines.newLine({ status: 'new' });
  await assert.rejects(send(sim.id), { code: 'conflict' });
  await assert.rejects(receive(sim.id), { code: 'conflict' });
});

test('a fleet can switch SMS commands off', async () => {
  const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);
  const fleet = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId, networkAccessProfile, smsCommandsEnabled: false }),
  );
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, fleet: fleet.id }));
  await assert.rejects(send(sim.id), { code: 'conflict' });
  assert.equal((await send(sim.id, { kind: 'ip', devicePort: 1 })).status, 'queued');
});

test('no more than 100 commands wait for a line', async () => {
  const sim = await lines.newLine();
  await write(ctx, {}, async (tx) => {
    for (let n = 0; n < 100; n++)
      await sendCommand(tx, { accountId, sim: sim.id, kind: 'sms', payload: 'x' });
  });
  await assert.rejects(send(sim.id), { code: 'conflict' });
});

test('five SMS commands make a ready line active', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  for (let n = 0; n < 2; n++) await send(sim.id);
  await take(sim.id);
  for (let n = 0; n < 2; n++) await receive(sim.id);
  assert.equal((await lines.see(sim.id)).status, 'ready');
  await receive(sim.id);
  assert.equal((await lines.see(sim.id)).status, 'active');
});

test('a command that is not delivered within 24 hours fails, once, as of then', async () => {
  const account = await openLines(ctx);
  const sim = await account.newLine();
  const { id } = await send(sim.id, { accountId: account.accountId });
  assert.deepEqual(await simsDueWork.nextDueAt(ctx, account.accountId), hours(24));
  assert.equal(await simsDueWork.runDue({ ...ctx, now: hours(23) }, account.accountId), 0);
  const late = { ...ctx, now: hours(30) };
  await Promise.all([1, 2].map(() => simsDueWork.runDue(late, account.accountId)));
  const failed = (await lines.events(id)).filter(({ type }) => type === 'command.failed');
  assert.deepEqual(
    failed.map((event) => event.at),
    [hours(24)],
  );
  const { accountId: of } = account;
  await assert.rejects(
    write(ctx, {}, (tx) => reportCommand(tx, { accountId: of, id, status: 'delivered' })),
    { code: 'conflict' },
  );
});

test('an old command is not sent although nobody has failed it yet', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  await send(sim.id);
  assert.deepEqual(await take(sim.id, hours(24)), []);
});

test("another account's command answers like one that does not exist", async () => {
  const sim = await other.newLine();
  await assert.rejects(send(sim.id), { code: 'not_found' });
  const theirs = await send(sim.id, { accountId: other.accountId });
  await assert.rejects(getCommand(ctx, { accountId, id: theirs.id }), { code: 'not_found' });
  await assert.rejects(report(theirs.id, 'delivered'), { code: 'not_found' });
  assert.deepEqual(await listCommands(ctx, { accountId, simId: sim.id }), []);
});

test('commands are listed newest first, by line, kind, direction and status', async () => {
  const sim = await lines.newLine();
  const sms = await send(sim.id);
  const ip = await send(sim.id, { kind: 'ip', devicePort: 1 });
  const received = await receive(sim.id);
  const idsOf = async (filter: object) =>
    (await listCommands(ctx, { accountId, simId: sim.id, ...filter })).map(({ id }) => id);
  assert.deepEqual(await idsOf({}), [received.id, ip.id, sms.id]);
  assert.deepEqual(await idsOf({ kind: 'ip' }), [ip.id]);
  assert.deepEqual(await idsOf({ direction: 'from_sim' }), [received.id]);
  assert.deepEqual(await idsOf({ status: 'queued', limit: 1 }), [ip.id]);
  assert.deepEqual(await idsOf({ before: ip.id }), [sms.id]);
  assert.deepEqual(await idsOf({ after: sms.id }), [received.id, ip.id]);
  assert.deepEqual(await idsOf({ after: sms.id, limit: 1 }), [ip.id]);
  assert.equal((await listCommands(ctx, { accountId, limit: 1 }))[0]?.id, received.id);
});
