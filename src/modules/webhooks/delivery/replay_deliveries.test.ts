import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { updateEndpoint } from '../targets/change_endpoint.ts';
import { answer, openReceiver, type Receiver } from '../test_receiver.ts';
import {
  addEndpoint,
  deliverAll,
  deliveriesOf,
  happen,
  hourMs,
  later,
  openDesk,
  tellAll,
} from '../test_webhooks.ts';
import type { DeliveryState } from './delivery.ts';
import { getDelivery, listDeliveries } from './list_deliveries.ts';
import { type ReplayRange, replayDelivery, replayRange } from './replay_deliveries.ts';

const ctx = testCtx(await testDatabase(), new Date());
const desk = openDesk({ random: () => 1 });

let accounts = 0;
let accountId = '';
let receiver: Receiver;
beforeEach(async () => {
  accountId = `acc_${++accounts}`;
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

test('a parked delivery that is replayed arrives under its old id, after another 24 hours of trying if need be', async () => {
  const { targetId, id } = await parkOne();
  const day2 = later(ctx, 25 * hourMs);
  const replayed = await write(day2, {}, (tx) => replayDelivery(tx, { accountId, targetId, id }));
  assert.deepEqual(
    [replayed.state, replayed.attempts, replayed.endedAt, replayed.parksAt],
    ['pending', 0, null, later(day2, 24 * hourMs).now],
  );
  await deliverAll(day2, desk);
  receiver.reply = answer(204);
  await deliverAll(later(day2, 10_000), desk);
  const { delivery, attempts } = await getDelivery(ctx, { accountId, targetId, id });
  assert.equal(delivery.state, 'delivered');
  assert.deepEqual(
    attempts.map((each) => each.number),
    attempts.map((_, index) => index + 1),
  );
  assert.ok(receiver.received.every((each) => each.headers['webhook-id'] === id));
});

test('one that still waits for its next attempt is tried now', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  const [delivery] = await deliveriesOf(ctx, accountId);
  receiver.reply = answer(204);
  const of = { accountId, targetId: endpoint.id, id: delivery?.id ?? '' };
  await write(ctx, {}, (tx) => replayDelivery(tx, of));
  await deliverAll(ctx, desk);
  assert.equal((await deliveriesOf(ctx, accountId))[0]?.state, 'delivered');
});

test('what is replayed takes its place in the order of its resource', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1', 'esm_1', 'esm_1', 'esm_2');
  await tellAll(ctx, desk);
  const ids = (await deliveriesOf(ctx, accountId)).map((each) => each.id);
  receiver.received.length = 0;
  const range = rangeOf(endpoint.id, ['delivered']);
  assert.deepEqual(await write(ctx, {}, (tx) => replayRange(tx, range)), { replayed: 4, isMore: false });
  const due = (await deliveriesOf(ctx, accountId)).map((each) => each.nextAttemptAt !== null);
  assert.deepEqual(due, [true, false, false, true]);
  await deliverAll(ctx, desk);
  const order = receiver.received.map((each) => each.headers['webhook-id']);
  assert.deepEqual(
    order.filter((id) => id !== ids[3]),
    ids.slice(0, 3),
  );
});

test('what is replayed waits while another one of its resource is under way', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  await tellAll(ctx, desk);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  const [first] = await deliveriesOf(ctx, accountId);
  const of = { accountId, targetId: endpoint.id, id: first?.id ?? '' };
  assert.equal((await write(ctx, {}, (tx) => replayDelivery(tx, of))).nextAttemptAt, null);
  receiver.reply = answer(204);
  await deliverAll(later(ctx, 6_000), desk);
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map((each) => each.state),
    ['delivered', 'delivered'],
  );
});

test('a range replays only its time, its states and its webhook', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  const { endpoint: other } = await addEndpoint(ctx, accountId, receiver.url);
  for (const hours of [0, 1, 2]) {
    const then = later(ctx, hours * hourMs);
    await happen(then, accountId, `esm_${hours}`);
    await tellAll(then, desk);
  }
  const range = (states: DeliveryState[]) => ({
    ...rangeOf(endpoint.id, states),
    from: later(ctx, hourMs).now,
    to: later(ctx, 2 * hourMs).now,
  });
  assert.equal((await write(ctx, {}, (tx) => replayRange(tx, range(['parked', 'dropped'])))).replayed, 0);
  assert.equal((await write(ctx, {}, (tx) => replayRange(tx, range(['delivered'])))).replayed, 1);
  const pending = (await deliveriesOf(ctx, accountId)).filter((each) => each.state === 'pending');
  assert.deepEqual(
    pending.map((each) => [each.targetId, each.resourceId]),
    [[endpoint.id, 'esm_1']],
  );
  assert.ok(other);
});

test('one range takes at most 10,000, the oldest first, and says that there is more', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await query(
    ctx.db,
    `insert into webhooks.deliveries (id, account_id, target_id, host, event_position, event_type,
       resource_id, state, next_attempt_at, parks_at, created_at, ended_at)
     select $4 || lpad(n::text, 23, '0'), $1, $2, 'x', n, 'esim.installed', 'esm_' || n, 'parked', $3, $3, $3, $3
     from generate_series(1, 10001) n`,
    [accountId, endpoint.id, ctx.now, `dlv_${ctx.now.getTime().toString(16).padStart(12, '0')}7`],
  );
  const range = rangeOf(endpoint.id, ['parked']);
  assert.deepEqual(await write(ctx, {}, (tx) => replayRange(tx, range)), { replayed: 10_000, isMore: true });
  assert.deepEqual(await write(ctx, {}, (tx) => replayRange(tx, range)), { replayed: 1, isMore: false });
  await query(ctx.db, 'delete from webhooks.deliveries where account_id = $1', [accountId]);
});

test('nothing is replayed to a disabled webhook, and nobody replays for another account', async () => {
  const { targetId, id } = await parkOne();
  const of = { accountId, targetId, id };
  const strangers = { ...of, accountId: 'acc_stranger' };
  await assert.rejects(
    write(ctx, {}, (tx) => replayDelivery(tx, strangers)),
    { code: 'not_found' },
  );
  await assert.rejects(
    write(ctx, {}, (tx) => replayRange(tx, { ...rangeOf(targetId, ['parked']), accountId: 'acc_stranger' })),
    { code: 'not_found' },
  );
  await assert.rejects(
    write(ctx, {}, (tx) => replayDelivery(tx, { ...of, id: 'dlv_x' })),
    { code: 'not_found' },
  );
  await assert.rejects(getDelivery(ctx, strangers), { code: 'not_found' });
  assert.deepEqual(await listDeliveries(ctx, strangers), []);
  const off = { accountId, id: targetId, url: receiver.url, types: null, description: null, enabled: false };
  await write(ctx, {}, (tx) => updateEndpoint(tx, off));
  await assert.rejects(
    write(ctx, {}, (tx) => replayDelivery(tx, of)),
    { code: 'conflict' },
  );
});

/** With the log of its day. */
async function parkOne(): Promise<{ targetId: string; id: string }> {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url, { types: ['esim.installed'] });
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  await deliverAll(later(ctx, 24 * hourMs), desk);
  const [delivery] = await deliveriesOf(ctx, accountId);
  assert.equal(delivery?.state, 'parked');
  return { targetId: endpoint.id, id: delivery?.id ?? '' };
}

function rangeOf(targetId: string, states: DeliveryState[]): ReplayRange {
  return { accountId, targetId, from: later(ctx, -hourMs).now, to: later(ctx, hourMs).now, states };
}
