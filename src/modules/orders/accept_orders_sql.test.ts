import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { acceptOrders, type OrderToAccept } from './accept_orders_sql.ts';
import { openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const rich = await openShop(ctx, { name: 'rich', balanceMinor: 10_00n, stock: 0 });
const poor = await openShop(ctx, { name: 'poor', balanceMinor: 1n, stock: 0 });
const [{ revision } = { revision: 0n }] = await query<{ revision: bigint }>(
  ctx.db,
  'select revision from catalogue.revision',
);

function order(accountId: string, totalMinor: bigint, more: Partial<OrderToAccept> = {}): OrderToAccept {
  return {
    order: {
      id: newId('order'),
      accountId,
      status: 'accepted',
      lines: [],
      customerId: null,
      device: null,
      quantity: 1,
      fulfilled: 0,
      totalMinor,
      currency: 'EUR',
      reference: null,
      failure: null,
      requestId: 'test',
      createdAt: ctx.now,
      endedAt: null,
    },
    idempotencyKey: null,
    inputHash: Buffer.alloc(32),
    actor: 'test',
    catalogueRevision: revision,
    ...more,
  };
}

test('orders of a batch are decided in their order of arrival, each account by itself', async () => {
  const verdicts = await acceptOrders(ctx, [
    order(rich.id, 4_50n),
    order(poor.id, 2n),
    order(rich.id, 4_50n),
    order(rich.id, 4_50n),
    order(rich.id, 1_00n),
    order(poor.id, 0n),
    order(rich.id, 0n, { catalogueRevision: revision - 1n }),
    order('acc_unknown', 1n),
  ]);
  assert.deepEqual(verdicts, [
    'accepted',
    'insufficient_funds',
    'accepted',
    'insufficient_funds',
    'again',
    'again',
    'stale',
    'insufficient_funds',
  ]);
});

test('an order that waited for a refused one is accepted in the next run', async () => {
  assert.deepEqual(await acceptOrders(ctx, [order(rich.id, 1_00n), order(poor.id, 0n)]), [
    'accepted',
    'accepted',
  ]);
});

test('each accepted order has one transfer of its amount, and the wallet shows their sum', async () => {
  const rows = await query<{ amount_minor: bigint }>(
    ctx.db,
    "select amount_minor from ledger.transfers where account_id = $1 and reason = 'order_hold' order by position",
    [rich.id],
  );
  assert.deepEqual(
    rows.map((row) => row.amount_minor),
    [4_50n, 4_50n, 1_00n],
  );
});
