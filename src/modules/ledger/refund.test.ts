import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listEvents } from '../events/index.ts';
import { getWallet, listTransfers, refund } from './index.ts';

const ctx = testCtx(await testDatabase());
const of = { accountId: 'acc_1', currency: 'EUR' };
const give = (amountMinor: bigint, more: object = {}) =>
  write(ctx, {}, (tx) => refund(tx, { ...of, amountMinor, reference: 'bun_1', ...more }));

await query(
  ctx.db,
  `insert into ledger.wallets (account_id, currency, funded_minor, available_minor, spent_minor)
   values ('acc_1', 'EUR', 500, 200, 300)`,
);

test('what is given back becomes available, by one transfer, and is told', async () => {
  await give(100n);
  const { fundedMinor, availableMinor, spentMinor } = await getWallet(ctx, of);
  assert.deepEqual([fundedMinor, availableMinor, spentMinor], [500n, 300n, 200n]);
  const [transfer] = await listTransfers(ctx, of);
  assert.deepEqual(
    [transfer?.debit, transfer?.credit, transfer?.reason, transfer?.reference],
    ['spent', 'available', 'refund', 'bun_1'],
  );
  const [event] = (await listEvents(ctx, { accountId: 'acc_1' })).events;
  assert.deepEqual(
    [event?.type, event?.data],
    ['balance.refunded', { amount: '1.00', currency: 'EUR', reference: 'bun_1' }],
  );
});

test('more than was spent is refused, also by several at once and in another currency', async () => {
  await assert.rejects(give(201n), { code: 'conflict' });
  await assert.rejects(give(1n, { currency: 'USD' }), { code: 'conflict' });
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => give(60n, { reference: `lot_${n}` })));
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.equal((await getWallet(ctx, of)).spentMinor, 20n);
});

test('a bundle is given back once', async () => {
  await assert.rejects(give(1n), { code: 'conflict' });
  assert.equal((await getWallet(ctx, of)).spentMinor, 20n);
});

test('nothing given back is no transfer, and less than nothing is a fault of the program', async () => {
  const before = (await listTransfers(ctx, of)).length;
  await give(0n);
  assert.equal((await listTransfers(ctx, of)).length, before);
  await assert.rejects(give(-1n), /a refund gives/);
});
