import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../base/app_error.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { newSim, tellHlr } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
const core = 'osmo_hlr' as const;

const update = (sid: string, form: Record<string, string>) => door.call('POST', `/Sims/${sid}`, { form });
const statusOf = async (sid: string) => (await door.call('GET', `/Sims/${sid}`)).body.status;

test('a status that the mobile core has to confirm is accepted and scheduled until it has', async () => {
  const { sid } = await newSim(door, { core });
  const { status, body } = await update(sid, { Status: 'active' });
  assert.deepEqual([status, body.status], [202, 'scheduled']);
  const { body: page } = await door.call('GET', '/Sims', { query: { Status: 'scheduled' } });
  assert.deepEqual(
    page.sims.map((sim: { sid: string }) => sim.sid),
    [sid],
  );
  await tellHlr(door);
  assert.equal(await statusOf(sid), 'active');
});

test('asking again for what is scheduled is accepted again, and a name may change meanwhile', async () => {
  const { sid } = await newSim(door, { core });
  await update(sid, { Status: 'ready' });
  const { status, body } = await update(sid, { Status: 'ready', UniqueName: 'waiting' });
  assert.deepEqual([status, body.status, body.unique_name], [202, 'scheduled', 'waiting']);
});

test('a core that cannot be reached keeps the SIM scheduled until it can', async () => {
  const { sid } = await newSim(door, { core });
  await update(sid, { Status: 'active' });
  await tellHlr(door, new AppError('unavailable', 'The HLR does not answer.'));
  assert.equal(await statusOf(sid), 'scheduled');
});

test('a status for which the core has nothing to do is taken at once', async () => {
  const { sid } = await newSim(door, { core });
  await update(sid, { Status: 'ready' });
  await tellHlr(door);
  const { status, body } = await update(sid, { Status: 'active' });
  assert.deepEqual([status, body.status], [200, 'active']);
});
