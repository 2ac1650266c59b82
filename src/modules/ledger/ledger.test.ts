import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { endHolds, getWallet, listTransfers, topUp } from './index.ts';

const ctx = testCtx(await testDatabase());
const of = { accountId: 'acc_1', currency: 'EUR' };

test('a top-up is a transfer, and the wallet shows the sum of all transfers', async () => {
  await topUp(ctx, { ...of, amountMinor: 500n, reference: 'a' });
  await topUp(ctx, { ...of, amountMinor: 250n, reference: 'b' });
  assert.deepEqual(await getWallet(ctx, of), {
    currency: 'EUR',
    fundedMinor: 750n,
    availableMinor: 750n,
    heldMinor: 0n,
    spentMinor: 0n,
  });
  assert.deepEqual(
    (await listTransfers(ctx, of)).map((each) => each.amountMinor),
    [250n, 500n],
  );
});

test('amounts of nothing, less than nothing, or beyond reason are refused', async () => {
  for (const amountMinor of [0n, -1n, 10n ** 14n])
    await assert.rejects(topUp(ctx, { ...of, amountMinor, reference: 'x' }), { code: 'invalid_request' });
});

test('a hold that was never made cannot be ended, and the database refuses a wallet out of balance', async () => {
  const hold = { orderId: 'ord_none', ...of, amountMinor: 1n, settle: true };
  await assert.rejects(
    write(ctx, {}, (tx) => endHolds(tx, [hold])),
    { code: 'invalid_request' },
  );
  await assert.rejects(
    query(ctx.db, 'update ledger.wallets set available_minor = available_minor + 1'),
    /wallets_check/,
  );
});

test('a hold is settled or released once: the second time the database refuses', async () => {
  await query(
    ctx.db,
    "update ledger.wallets set available_minor = available_minor - 100, held_minor = held_minor + 100 where account_id = 'acc_1'",
  );
  const hold = { orderId: 'ord_1', ...of, amountMinor: 50n, settle: true };
  await write(ctx, {}, (tx) => endHolds(tx, [hold]));
  await assert.rejects(
    write(ctx, {}, (tx) => endHolds(tx, [hold])),
    { code: 'conflict' },
  );
  const wallet = await getWallet(ctx, of);
  assert.deepEqual([wallet.heldMinor, wallet.spentMinor], [50n, 50n]);
});

test('a statement goes page by page, newest first', async () => {
  for (let n = 0; n < 5; n++)
    await topUp(ctx, { accountId: 'acc_2', currency: 'EUR', amountMinor: BigInt(n + 1), reference: `${n}` });
  const first = await listTransfers(ctx, { accountId: 'acc_2', limit: 3 });
  const rest = await listTransfers(ctx, { accountId: 'acc_2', limit: 3, before: first.at(-1)?.id ?? '' });
  assert.deepEqual(
    [...first, ...rest].map((each) => each.amountMinor),
    [5n, 4n, 3n, 2n, 1n],
  );
});
