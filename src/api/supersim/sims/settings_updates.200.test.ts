import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../base/app_error.ts';
import { updateSim } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim, type Party, testBase } from '../test_supersim.ts';
import { newSim, tellHlr } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());
const core = 'osmo_hlr' as const;

const list = async (query: Record<string, string | number> = {}, { auth }: Party = door.account) =>
  (await door.call('GET', '/SettingsUpdates', { query, auth })).body;

async function suspend(key: string, accountId: string): Promise<void> {
  await write(door.ctx, {}, (tx) => updateSim(tx, { accountId, key, status: 'inactive' }));
}

test('SIMs of the simulated core have no settings updates', async () => {
  const { sid } = await newSim(door, { status: 'ready' });
  assert.deepEqual((await list({ Sim: sid })).settings_updates, []);
});

test('a settings update is scheduled until the core is told, failed while it cannot be, and successful then', async () => {
  const { sid, iccid, id, accountId } = await newSim(door, { core, status: 'ready' });
  const see = async () => (await list({ Sim: sid })).settings_updates[0];
  const first = await see();
  assert.deepEqual(first, {
    sid: `OB${sid.slice(2)}`,
    iccid,
    sim_sid: sid,
    status: 'scheduled',
    packages: [],
    date_completed: null,
    date_created: first.date_created,
    date_updated: first.date_updated,
  });
  await tellHlr(door);
  const told = await see();
  assert.deepEqual([told.status, told.date_completed], ['successful', told.date_updated]);
  assert.ok(told.date_completed);
  await suspend(id, accountId);
  assert.deepEqual([(await see()).status, (await see()).date_completed], ['scheduled', null]);
  await tellHlr(door, new AppError('unavailable', 'The HLR does not answer.'));
  assert.deepEqual([(await see()).status, (await see()).date_completed], ['failed', null]);
});

test('settings updates are listed by SIM, by its unique name, by status, and page by page', async () => {
  const party = door.foreign;
  const parts = { of: party, core, status: 'ready' } as const;
  const accountId = party.account.id;
  const sims = [await newSim(door, parts), await newSim(door, parts), await newSim(door, parts)].reverse();
  await tellHlr(door);
  const [one, two, three] = sims.map(({ sid }) => sid);
  await suspend(sims[1]?.id ?? '', accountId);
  await write(door.ctx, {}, (tx) =>
    updateSim(tx, { accountId, key: sims[0]?.id ?? '', uniqueName: 'first' }),
  );
  const simsOf = (page: { settings_updates: { sim_sid: string }[] }) =>
    page.settings_updates.map(({ sim_sid }) => sim_sid);
  const expected: [Record<string, string>, (string | undefined)[]][] = [
    [{}, [one, two, three]],
    [{ Status: 'scheduled' }, [two]],
    [{ Status: 'successful' }, [one, three]],
    [{ Status: 'in-progress' }, []],
    [{ Status: 'failed' }, []],
    [{ Sim: 'first' }, [one]],
    [{ Sim: two ?? '', Status: 'successful' }, []],
    [{ Sim: 'nobody' }, []],
  ];
  for (const [query, sids] of expected)
    assert.deepEqual(simsOf(await list(query, party)), sids, JSON.stringify(query));
  assert.deepEqual(simsOf(await list({ Sim: one ?? '' })), []);
  const { meta } = await list({ PageSize: 2 }, party);
  const next = await door.call('GET', meta.next_page_url.slice(testBase.length), { auth: party.auth });
  assert.deepEqual(simsOf(next.body), [three]);
});
