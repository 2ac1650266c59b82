import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { getWallet } from '../ledger/index.ts';
import { getOrder, listOrders, onOrdersAccepted, placeOrder } from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
let accepted = 0;
onOrdersAccepted(ctx, () => accepted++);
let shops = 0;

async function shop(balanceMinor = 10_00n) {
  const { id: accountId } = await openShop(ctx, { name: `shop ${++shops}`, balanceMinor });
  const of = { accountId, currency: 'EUR' };
  return {
    of,
    accountId,
    order: (more: object = {}) => ({ ...of, lines: [{ product: 'esim_1GB_7D_NL_V2' }], ...more }),
  };
}

/** What a caller does who changes its mind when everything is written. */
async function rolledBack(run: (tx: typeof ctx) => Promise<unknown>): Promise<void> {
  const undone = write(ctx, {}, async (tx) => {
    await run(tx);
    throw new Error('changed my mind');
  });
  await assert.rejects(undone, /changed my mind/);
}

test('an order placed in a transaction is there with it, and fulfilment is woken only then', async () => {
  const { of, accountId, order } = await shop();
  const before = accepted;
  const { id } = await write(ctx, {}, async (tx) => {
    const placed = await placeOrder(tx, order());
    assert.equal((await getOrder(tx, { accountId, id: placed.id })).status, 'accepted');
    await assert.rejects(getOrder(ctx, { accountId, id: placed.id }), { code: 'not_found' });
    assert.equal(accepted, before);
    return placed;
  });
  assert.equal(accepted, before + 1);
  assert.equal((await getWallet(ctx, of)).heldMinor, 1_00n);
  await fulfilAll(ctx);
  assert.equal((await getOrder(ctx, { accountId, id })).status, 'completed');
});

test('a transaction that is rolled back leaves no order and no hold, and wakes nobody', async () => {
  const { of, accountId, order } = await shop();
  const before = accepted;
  await rolledBack((tx) => placeOrder(tx, order()));
  await rolledBack((tx) => placeOrder(tx, order({ idempotencyKey: 'k' })));
  assert.deepEqual(await listOrders(ctx, { accountId }), []);
  assert.deepEqual([(await getWallet(ctx, of)).heldMinor, accepted], [0n, before]);
  const [row] = await query<{ told: bigint }>(
    ctx.db,
    `select count(*) as told from events.events where account_id = $1 and type = 'order.accepted'`,
    [accountId],
  );
  assert.equal(row?.told, 0n);
});

test('the first order of a process may be placed in a transaction, and others after it outside of any', async () => {
  const { order } = await shop();
  const fresh = testCtx({ kysely: ctx.db });
  await write(fresh, {}, (tx) => placeOrder(tx, order()));
  assert.equal((await placeOrder(fresh, order())).status, 'accepted');
});

test('a balance is spent to the last cent within one transaction, and a refusal does not spoil it', async () => {
  const { of, accountId, order } = await shop(2_00n);
  await write(ctx, {}, async (tx) => {
    await placeOrder(tx, order());
    await placeOrder(tx, order());
    await assert.rejects(placeOrder(tx, order()), { code: 'insufficient_funds' });
    await assert.rejects(placeOrder(tx, order({ idempotencyKey: 'k' })), { code: 'insufficient_funds' });
  });
  assert.equal((await listOrders(ctx, { accountId })).length, 2);
  assert.equal((await getWallet(ctx, of)).heldMinor, 2_00n);
});

test('an Idempotency-Key gives the same order in the same transaction, in a later one, and outside of any', async () => {
  const { order, accountId } = await shop();
  const input = order({ idempotencyKey: 'k' });
  const first = await write(ctx, {}, async (tx) => {
    const placed = await placeOrder(tx, input);
    assert.equal((await placeOrder(tx, input)).id, placed.id);
    return placed;
  });
  const later = await write(ctx, {}, (tx) => placeOrder(tx, input));
  const outside = await placeOrder(ctx, input);
  assert.deepEqual([later.id, outside.id], [first.id, first.id]);
  await write(ctx, {}, async (tx) => {
    const changed = placeOrder(tx, { ...input, reference: 'other' });
    await assert.rejects(changed, { code: 'idempotency_key_reused' });
    assert.equal((await placeOrder(tx, order())).status, 'accepted');
  });
  assert.equal((await listOrders(ctx, { accountId })).length, 2);
});

test('the same key at once in many transactions and outside is one order, charged once', async () => {
  const { of, order } = await shop();
  const input = order({ idempotencyKey: 'k' });
  const placed = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      index % 4 === 0 ? placeOrder(ctx, input) : write(ctx, {}, (tx) => placeOrder(tx, input)),
    ),
  );
  assert.equal(new Set(placed.map((each) => each.id)).size, 1);
  assert.equal((await getWallet(ctx, of)).heldMinor, 1_00n);
});

test('a catalogue that changed meanwhile is read anew within the transaction', async () => {
  const { order } = await shop();
  await placeOrder(ctx, order());
  await query(ctx.db, 'update catalogue.revision set revision = revision + 1');
  assert.equal((await write(ctx, {}, (tx) => placeOrder(tx, order()))).totalMinor, 1_00n);
});

test('an error of the database is told as it is, not hidden behind what fails after it', async () => {
  const { order } = await shop();
  const broken = write(ctx, {}, async (tx) => {
    await query(tx.db, 'select 1 / 0').catch(() => {});
    await placeOrder(tx, order({ idempotencyKey: 'k' }));
  });
  await assert.rejects(broken, /current transaction is aborted/);
});
