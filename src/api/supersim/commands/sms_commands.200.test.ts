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
const content = { accountId, kind: 'sms', payload: 'hi' } as const;

await attach(ctx, sim);
const [delivered, failed, sent, queued, received] = await write(ctx, {}, async (tx) => {
  const made = [];
  for (let n = 0; n < 3; n++) made.push(await sendCommand(tx, { ...content, sim: sim.id }));
  await takeCommands(tx, { accountId, sim: sim.id });
  await reportCommand(tx, { accountId, id: made[0]!.id, status: 'delivered' });
  await reportCommand(tx, { accountId, id: made[1]!.id, status: 'failed' });
  made.push(await sendCommand(tx, { ...content, sim: other.id }));
  made.push(await receiveCommand(tx, { ...content, sim: sim.id }));
  await sendCommand(tx, { ...content, kind: 'ip', devicePort: 1, sim: sim.id });
  return made.map(({ id }) => writeSid('smsCommand', id));
});

const listed = async (query: Record<string, string | number>, auth = account.auth) =>
  (await call('GET', '/SmsCommands', { query, auth })).body.sms_commands.map((each: any) => each.sid);

test('a command is fetched as it is now', async () => {
  for (const [sid, status, direction] of [
    [delivered, 'delivered', 'to_sim'],
    [failed, 'failed', 'to_sim'],
    [sent, 'sent', 'to_sim'],
    [queued, 'queued', 'to_sim'],
    [received, 'received', 'from_sim'],
  ]) {
    const { body } = await call('GET', `/SmsCommands/${sid}`);
    assert.deepEqual([body.sid, body.status, body.direction, body.payload], [sid, status, direction, 'hi']);
  }
});

test('commands are listed newest first, without those by IP', async () => {
  assert.deepEqual(await listed({}), [received, queued, sent, failed, delivered]);
  assert.deepEqual(await listed({}, foreign.auth), []);
});

test('commands are listed by SIM, status and direction, and by all of them', async () => {
  const Sim = writeSid('sim', sim.id);
  assert.deepEqual(await listed({ Sim }), [received, sent, failed, delivered]);
  assert.deepEqual(await listed({ Sim: 'meter', Direction: 'to_sim' }), [sent, failed, delivered]);
  assert.deepEqual(await listed({ Status: 'queued' }), [queued]);
  assert.deepEqual(await listed({ Sim, Status: 'queued' }), []);
  for (const nowhere of ['nobody', `HS${'0'.repeat(32)}`])
    assert.deepEqual(await listed({ Sim: nowhere }), []);
  assert.deepEqual(await listed({ Sim }, foreign.auth), []);
});

test('pages of a filtered list are the whole, forwards and backwards', async () => {
  const follow = async (url: string) => (await call('GET', url.slice(url.indexOf('/v1/') + 3))).body;
  const sids = (page: any) => page.sms_commands.map((each: any) => each.sid);
  const query = { Sim: 'meter', Direction: 'to_sim', PageSize: 2 };
  const { body: first } = await call('GET', '/SmsCommands', { query });
  assert.match(first.meta.next_page_url, /\?Sim=meter&Direction=to_sim&PageSize=2&Page=1&PageToken=/);
  const second = await follow(first.meta.next_page_url);
  assert.deepEqual([...sids(first), ...sids(second)], [sent, failed, delivered]);
  assert.equal(second.meta.next_page_url, null);
  assert.deepEqual(sids(await follow(second.meta.previous_page_url)), sids(first));
});
