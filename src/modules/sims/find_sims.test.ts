import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { findSimIds, findSims } from './index.ts';
import { openLines } from './test_lines.ts';

const ctx = testCtx(await testDatabase());
const lines = await openLines(ctx);
const { accountId } = lines;
const other = await openLines(ctx);

test('the ids of lines are found by their eSIMs; of unknown ones and those of others there are none', async () => {
  const [one, two] = await lines.newLines(2);
  const theirs = await other.newLine();
  const esimIds = [one!.esimId, theirs.esimId, two!.esimId, 'esm_unknown', one!.iccid];
  const found = await findSimIds(ctx, { accountId, esimIds });
  assert.deepEqual(Object.fromEntries(found), { [one!.esimId]: one!.id, [two!.esimId]: two!.id });
});

test('who asks for nothing gets nothing', async () => {
  await lines.newLine();
  assert.equal((await findSimIds(ctx, { accountId, esimIds: [] })).size, 0);
  assert.equal((await findSims(ctx, { accountId, keys: [] })).size, 0);
});
