import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { listCoreUpdates, tellCores, updateSim } from '../index.ts';
import { fakeCore, openLines } from '../test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const core = 'osmo_hlr' as const;

async function openRemote() {
  const lines = await openLines(ctx);
  const { accountId } = lines;
  const hlr = fakeCore();
  return {
    ...lines,
    hlr,
    list: (filter: object = {}) => listCoreUpdates(ctx, { accountId, ...filter }),
    suspend: (key: string) => write(ctx, {}, (tx) => updateSim(tx, { accountId, key, status: 'inactive' })),
    tellAll: async () => {
      while ((await tellCores(ctx, [hlr])) > 0);
    },
  };
}

test('a line of another core has an update from the moment there is something to tell', async () => {
  const { list, newLine } = await openRemote();
  await newLine();
  await newLine({ core, status: 'new' });
  assert.deepEqual(await list(), []);
  const sim = await newLine({ core });
  const [update, ...others] = await list();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [update?.simId, update?.iccid, update?.core, update?.status, update?.error, update?.toldAt],
    [sim.id, sim.iccid, core, 'waiting', null, null],
  );
});

test('an update is waiting, being told, and told, with the time when it was', async () => {
  const { list, newLine, hlr, tellAll } = await openRemote();
  await newLine({ core });
  const seen = new Set<unknown>();
  hlr.remark = 'it cannot limit speed';
  hlr.meanwhile = async () => void seen.add((await list())[0]?.status);
  await tellAll();
  assert.deepEqual([...seen], ['telling']);
  const [told] = await list();
  assert.deepEqual([told?.status, told?.error], ['told', hlr.remark]);
  assert.ok(told?.toldAt);
  assert.deepEqual(told.updatedAt, told.toldAt);
});

test('one that failed says why until it is tried again, and then it is told', async () => {
  const { list, newLine, hlr, suspend, tellAll } = await openRemote();
  const sim = await newLine({ core });
  await tellAll();
  await suspend(sim.id);
  hlr.fault = 'The HLR does not answer.';
  await tellAll();
  const [failed] = await list();
  assert.deepEqual([failed?.status, failed?.error, failed?.toldAt], ['failed', hlr.fault, null]);
  hlr.fault = null;
  await query(ctx.db, 'update sims.sims set core_due_at = now() where id = $1', [sim.id]);
  await tellAll();
  assert.deepEqual(
    (await list()).map(({ status, error }) => [status, error]),
    [['told', null]],
  );
});

test('updates are listed by line, by status and page by page, and only those of the account', async () => {
  const { list, newLines, suspend, tellAll, accountId } = await openRemote();
  const ids = (await newLines(4, { core })).map(({ id }) => id).reverse();
  await tellAll();
  await suspend(ids[1]!);
  const simIds = async (filter: object) => (await list(filter)).map(({ simId }) => simId);
  assert.deepEqual(await simIds({}), ids);
  assert.deepEqual(await simIds({ status: 'waiting' }), [ids[1]]);
  assert.deepEqual(await simIds({ status: 'told' }), [ids[0], ids[2], ids[3]]);
  assert.deepEqual(await simIds({ simId: ids[2] }), [ids[2]]);
  assert.deepEqual(await simIds({ simId: ids[2], status: 'failed' }), []);
  assert.deepEqual(await simIds({ before: ids[0], limit: 2 }), ids.slice(1, 3));
  assert.deepEqual(await simIds({ after: ids[3], limit: 2 }), ids.slice(1, 3));
  const other = await openRemote();
  assert.notEqual(other.accountId, accountId);
  assert.deepEqual(await other.list({ simId: ids[0] }), []);
});
