import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { getWallet, listTransfers } from '../ledger/index.ts';
import { getBundle, getRevocation, moveBundleRows, type RefundTo, revokeBundle } from './index.ts';
import { type Assigned, assignTest, rateTest } from './test_assignment.ts';
import { at, testRecord } from './test_bundle.ts';

const ctx = testCtx(await testDatabase(), at(0));
const nowAt = (now: Date) => ({ ...ctx, now });
const key = (of: Assigned) => ({ accountId: of.accountId, bundleId: of.ids[0] as string });
const revoke = (of: Assigned, refundTo: RefundTo | null, now = at(1)) =>
  write(nowAt(now), {}, (tx) => revokeBundle(tx, { ...key(of), refundTo }));

/** As if an order of 1.00 EUR had been settled. */
async function spent(of: Assigned): Promise<void> {
  await query(
    ctx.db,
    `insert into ledger.wallets (account_id, currency, funded_minor, available_minor, spent_minor)
     values ($1, 'EUR', 500, 400, 100)`,
    [of.accountId],
  );
}

test('what revoking means is said before, and nothing is changed by asking', async () => {
  const of = await assignTest(ctx);
  assert.deepEqual(await getRevocation(ctx, key(of)), {
    revocable: true,
    reason: null,
    refunds: [{ to: 'balance', amountMinor: 1_00n, currency: 'EUR' }, { to: 'inventory' }],
    until: at(60),
  });
  assert.equal((await getBundle(ctx, key(of))).state, 'queued');
});

test('an unused bundle is given back to the balance, once', async () => {
  const of = await assignTest(ctx);
  await spent(of);
  const answers = await Promise.allSettled([revoke(of, 'balance'), revoke(of, 'balance')]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  await assert.rejects(revoke(of, 'balance'), { code: 'conflict' });
  const { availableMinor, spentMinor } = await getWallet(ctx, { ...of, currency: 'EUR' });
  assert.deepEqual([availableMinor, spentMinor], [5_00n, 0n]);
  const [transfer, ...more] = await listTransfers(ctx, { accountId: of.accountId });
  assert.deepEqual(
    [transfer?.reason, transfer?.reference, transfer?.amountMinor, more.length],
    ['refund', of.ids[0], 1_00n, 0],
  );
});

test('a used bundle cannot be revoked, and the reason is given before', async () => {
  const of = await assignTest(ctx);
  await rateTest(nowAt(at(1)), of, [testRecord(at(0, 1), 1)]);
  assert.match((await getRevocation(ctx, key(of))).reason ?? '', /active/);
  await assert.rejects(revoke(of, null), { code: 'conflict' });
});

test('after the time for it there is no refund, and revoking without one still works', async () => {
  const of = await assignTest(ctx);
  for (const refundTo of ['balance', 'inventory'] as const)
    await assert.rejects(revoke(of, refundTo, at(60, 1)), { code: 'conflict' });
  assert.deepEqual((await getRevocation(nowAt(at(61)), key(of))).refunds, []);
  assert.equal((await revoke(of, null, at(61))).state, 'revoked');
});

test('a bundle that nothing was paid for goes back to the inventory only', async () => {
  const of = await assignTest(ctx, [{}], { paid: null });
  assert.deepEqual((await getRevocation(ctx, key(of))).refunds, [{ to: 'inventory' }]);
  await assert.rejects(revoke(of, 'balance'), { code: 'conflict' });
});

test('a product that is never given back is not', async () => {
  const of = await assignTest(ctx, [{ refundDays: 0 }]);
  await assert.rejects(revoke(of, 'inventory'), { code: 'conflict' });
});

test('money that was never spent is not given back', async () => {
  const of = await assignTest(ctx);
  await assert.rejects(revoke(of, 'balance'), { code: 'conflict' });
  assert.equal((await getBundle(ctx, key(of))).state, 'queued');
});

test('bundles that moved to another account are its own, and are given back no more', async () => {
  const of = await assignTest(ctx);
  const other = await assignTest(ctx, []);
  await write(ctx, {}, (tx) => moveBundleRows(tx, { esimId: of.esimId, toAccountId: other.accountId }));
  await assert.rejects(getBundle(ctx, key(of)), { code: 'not_found' });
  const moved = { ...key(of), accountId: other.accountId };
  assert.deepEqual((await getRevocation(ctx, moved)).refunds, []);
});

test("another account's bundle answers like one that does not exist", async () => {
  const of = await assignTest(ctx);
  const other = await assignTest(ctx, []);
  const foreign = { ...of, accountId: other.accountId };
  await assert.rejects(revoke(foreign, null), { code: 'not_found' });
  await assert.rejects(getRevocation(ctx, key(foreign)), { code: 'not_found' });
});
