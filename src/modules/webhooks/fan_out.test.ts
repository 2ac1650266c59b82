import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';
import { fanOut } from './fan_out.ts';
import { useOutgoing } from './outgoing/outgoing_of.ts';
import { createOutgoing } from './outgoing/send_request.ts';
import { setCallback } from './targets/callbacks.ts';
import { deleteEndpoint, updateEndpoint } from './targets/change_endpoint.ts';
import { prepareEndpoint } from './targets/create_endpoint.ts';
import { addEndpoint, deliveriesOf, happen, happenAs, hourMs, later } from './test_webhooks.ts';

const ctx = testCtx(await testDatabase());
const url = 'https://receiver.example/hook';
const passOn = async (at = ctx) => {
  while ((await fanOut(at)) > 0);
};

test('an event becomes one delivery for each endpoint that wants its type', async () => {
  const all = await addEndpoint(ctx, 'acc_a', url);
  const some = await addEndpoint(ctx, 'acc_a', url, { types: ['order.completed'] });
  await addEndpoint(ctx, 'acc_a', url, { types: ['order.failed'] });
  await addEndpoint(ctx, 'acc_a', url, { enabled: false });
  await addEndpoint(ctx, 'acc_other', url);
  await happenAs(ctx, 'acc_a', 'order.completed', 'ord_1');
  await passOn();
  const made = await deliveriesOf(ctx, 'acc_a');
  assert.deepEqual(new Set(made.map((each) => each.targetId)), new Set([all.endpoint.id, some.endpoint.id]));
  for (const each of made)
    assert.deepEqual(
      [each.state, each.nextAttemptAt, each.parksAt],
      ['pending', ctx.now, new Date('2026-11-22T12:00:00Z')],
    );
  assert.deepEqual(await deliveriesOf(ctx, 'acc_other'), []);
});

test('an endpoint is told only about what happened since it was made', async () => {
  await addEndpoint(ctx, 'acc_b', url, { types: ['order.failed'] });
  await happen(ctx, 'acc_b', 'esm_1');
  useOutgoing(ctx, createOutgoing({ resolve: async () => [{ address: '93.184.216.34', family: 4 }] }));
  await prepareEndpoint(ctx, { accountId: 'acc_b', url });
  await addEndpoint(ctx, 'acc_b', url);
  await happen(ctx, 'acc_b', 'esm_2');
  // Of a node that had fallen behind.
  await happen(later(ctx, -hourMs), 'acc_b', 'esm_3');
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_b')).map((each) => each.resourceId),
    ['esm_2'],
  );
});

test('two nodes that pass on the same outbox at once make each delivery once, in order', async () => {
  await addEndpoint(ctx, 'acc_c', url);
  const resources = Array.from({ length: 60 }, (_, n) => `esm_${n}`);
  for (let start = 0; start < resources.length; start += 10) {
    const slice = resources.slice(start, start + 10);
    await Promise.all([happen(ctx, 'acc_c', ...slice), fanOut(ctx), fanOut(ctx), fanOut(ctx)]);
  }
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_c')).map((each) => each.resourceId),
    resources,
  );
});

test('an event that commits late is passed on all the same', async () => {
  await addEndpoint(ctx, 'acc_d', url);
  const opened = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const late = write(ctx, {}, async (tx) => {
    await emit(tx, { accountId: 'acc_d', type: 'esim.installed', resourceId: 'esm_late', data: {} });
    opened.resolve();
    await commit.promise;
  });
  await opened.promise;
  await happen(ctx, 'acc_d', 'esm_early');
  await passOn();
  commit.resolve();
  await late;
  await passOn();
  const made = await deliveriesOf(ctx, 'acc_d');
  assert.deepEqual(new Set(made.map((each) => each.resourceId)), new Set(['esm_late', 'esm_early']));
});

test('of one resource only the first is due, the others wait behind it', async () => {
  await addEndpoint(ctx, 'acc_e', url);
  await happen(ctx, 'acc_e', 'esm_1', 'esm_1', 'esm_2');
  await passOn();
  await happen(ctx, 'acc_e', 'esm_1');
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_e')).map((each) => [each.resourceId, each.nextAttemptAt]),
    [
      ['esm_1', ctx.now],
      ['esm_1', null],
      ['esm_2', ctx.now],
      ['esm_1', null],
    ],
  );
});

test('a callback is told about its resource and about what names it, and about no other account', async () => {
  const callback = { url, method: 'POST', dialect: 'twilio', types: null, secret: 'token' } as const;
  const of = { accountId: 'acc_f', resourceId: 'sim_1', topic: 'sim' };
  await write(ctx, {}, (tx) => setCallback(tx, { ...of, ...callback }));
  await happenAs(ctx, 'acc_f', 'sim.updated', 'sim_1');
  await happenAs(ctx, 'acc_f', 'command.sent', 'cmd_1', { simId: 'sim_1' });
  await happenAs(ctx, 'acc_f', 'sim.updated', 'sim_2', { note: 'sim_1', simId: 7 });
  await happenAs(ctx, 'acc_g', 'sim.updated', 'sim_1');
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_f')).map((each) => each.resourceId),
    ['sim_1', 'cmd_1'],
  );
  assert.deepEqual(await deliveriesOf(ctx, 'acc_g'), []);
});

test('what waits for an endpoint that is disabled or deleted is dropped, and nothing new is made for it', async () => {
  const { endpoint: one } = await addEndpoint(ctx, 'acc_j', url);
  const { endpoint: two } = await addEndpoint(ctx, 'acc_j', url);
  await happen(ctx, 'acc_j', 'esm_1', 'esm_1');
  await passOn();
  const off = { accountId: 'acc_j', id: one.id, url, types: null, description: null, enabled: false };
  await write(ctx, {}, (tx) => updateEndpoint(tx, off));
  await write(ctx, {}, (tx) => deleteEndpoint(tx, { accountId: 'acc_j', id: two.id }));
  await happen(ctx, 'acc_j', 'esm_1');
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_j')).map((each) => each.state),
    ['dropped', 'dropped', 'dropped', 'dropped'],
  );
});
