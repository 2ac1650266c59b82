import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { getWallet, listTransfers, topUp, topUpWithinDay } from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database, new Date('2026-11-21T23:00:00Z'));
const put = (
  accountId: string,
  amountMinor: bigint,
  { at = ctx, reference = 'card', currency = 'EUR' } = {},
) =>
  write(at, {}, (tx) =>
    topUpWithinDay(tx, { accountId, currency, amountMinor, reference, dayMaxMinor: 100n }),
  );

test('a day lets in so much and no more, and the next day as much again', async () => {
  const first = await put('acc_1', 60n);
  await assert.rejects(put('acc_1', 41n), { code: 'conflict', detail: /1\.00 EUR.*0\.40 EUR are left/ });
  const second = await put('acc_1', 40n);
  assert.deepEqual([first.wallet.availableMinor, second.wallet.availableMinor], [60n, 100n]);
  assert.ok(second.number > first.number);
  await assert.rejects(put('acc_1', 1n), { code: 'conflict' });
  const tomorrow = testCtx(database, new Date('2026-11-22T00:00:00Z'));
  assert.equal((await put('acc_1', 100n, { at: tomorrow })).wallet.availableMinor, 200n);
});

test('the number of a top-up is that of its transfer', async () => {
  const { number } = await put('acc_2', 1n);
  const [transfer] = await listTransfers(ctx, { accountId: 'acc_2' });
  assert.equal(transfer?.id, `trf_${number.toString(16).padStart(32, '0')}`);
});

test('other ways, other currencies and other accounts do not count', async () => {
  await write(ctx, {}, (tx) =>
    topUp(tx, { accountId: 'acc_3', currency: 'EUR', amountMinor: 500n, reference: 'cash' }),
  );
  await put('acc_3', 100n, { currency: 'USD' });
  await put('acc_4', 100n);
  assert.equal((await put('acc_3', 100n)).wallet.availableMinor, 600n);
});

test('of many at once those that fit come in, and the others change nothing', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => put('acc_5', 30n)));
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.equal((await getWallet(ctx, { accountId: 'acc_5', currency: 'EUR' })).availableMinor, 90n);
  assert.equal((await listTransfers(ctx, { accountId: 'acc_5' })).length, 3);
});

test('nothing, and less than nothing, is no top-up', async () => {
  for (const amount of [0n, -1n]) await assert.rejects(put('acc_6', amount), { code: 'invalid_request' });
});
