import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { switchLine, updateSim } from './index.ts';
import { openLines } from './test_lines.ts';

const ctx = testCtx(await testDatabase());
const lines = await openLines(ctx);
const { accountId } = lines;
const turn = (sim: string, on: boolean, of = accountId) =>
  write(ctx, {}, (tx) => switchLine(tx, { accountId: of, sim, on }));

test('a line is switched off and on, and doing it again changes nothing', async () => {
  const sim = await lines.newLine();
  await turn(sim.iccid, true);
  assert.equal((await lines.see(sim.id)).status, 'ready');
  for (const on of [false, false, true, true]) await turn(sim.iccid, on);
  assert.equal((await lines.see(sim.id)).status, 'active');
  const moves = (await lines.events(sim.id)).filter(({ type }) => type === 'sim.status_changed');
  assert.deepEqual(
    moves.map(({ data }) => data['to']),
    ['inactive', 'active'],
  );
});

test('a line whose core is another system is on its way until that has confirmed it', async () => {
  const sim = await lines.newLine({ core: 'osmo_hlr' });
  await turn(sim.id, false);
  assert.equal((await lines.see(sim.id)).scheduledStatus, 'inactive');
  await turn(sim.id, false);
  await assert.rejects(turn(sim.id, true), { code: 'status_scheduled' });
});

test('a line that has ended, and one of another account, are not switched', async () => {
  const sim = await lines.newLine();
  await assert.rejects(turn(sim.id, false, (await openLines(ctx)).accountId), { code: 'not_found' });
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status: 'ended' }));
  for (const on of [true, false]) await assert.rejects(turn(sim.id, on), { code: 'status_not_allowed' });
});
