import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { emit, listEvents } from './index.ts';

const ctx = testCtx(await testDatabase());
const accountId = 'acc_a';

async function numbersBehind(cursor: string) {
  const after = Buffer.from(cursor).toString('base64url');
  return (await listEvents(ctx, { accountId, after })).events.map(({ data }) => data['n']);
}

test('cursors that were given out when the feed went by transactions go on where they were, and skip nothing', async () => {
  assert.deepEqual(await numbersBehind('1.0'), []);
  // The second and the first were written in the wrong order by transactions that ran at the same time.
  const old = [
    { tx: '40', position: 4, n: 2 },
    { tx: '41', position: 3, n: 1 },
    { tx: '45', position: 5, n: 3 },
  ];
  await query(ctx.db, "select setval('events.positions', 5)");
  for (const { tx, position, n } of old)
    await query(ctx.db, insertOld, [tx, position, accountId, JSON.stringify({ n })]);
  const newer = { accountId, type: 'esim.updated', resourceId: 'esm_1', data: { n: 4 } } as const;
  await emit(ctx, newer);
  const expected = {
    '1.0': [1, 2, 3, 4],
    '40.0': [1, 2, 3, 4],
    // Its reader was shown the second, which comes again with the first that it had overtaken.
    '40.4': [1, 2, 3, 4],
    '41.3': [3, 4],
    '45.0': [3, 4],
    '45.5': [4],
    '46.0': [4],
  };
  for (const [cursor, numbers] of Object.entries(expected))
    assert.deepEqual(await numbersBehind(cursor), numbers, cursor);
});

const insertOld = `
  insert into events.events (tx, position, account_id, type, resource_id, data, request_id, actor, occurred_at)
  values ($1::xid8, $2, $3, 'esim.updated', 'esm_1', $4::jsonb, '', '', now())`;
