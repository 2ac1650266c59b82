import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { listEvents } from '../../events/index.ts';
import { findStandardFault } from '../dialects/standard.ts';
import { fanOut } from '../fan_out.ts';
import { rotateSecret } from '../targets/change_endpoint.ts';
import { getEndpoint } from '../targets/find_endpoints.ts';
import { answer, openReceiver, type Received, type Receiver } from '../test_receiver.ts';
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
import { claimDeliveries } from './claim_deliveries.ts';
import { getDelivery } from './list_deliveries.ts';
import { releaseStuckDeliveries } from './release_stuck.ts';

const lines: unknown[] = [];
const note = (fields: object, message?: string) => void lines.push(fields, message);
const ctx: Ctx = {
  ...testCtx(await testDatabase(), new Date()),
  log: { debug: note, info: note, warn: note, error: note },
};
const desk = openDesk({ random: () => 1 });

let accounts = 0;
let accountId = '';
let receiver: Receiver;
beforeEach(async () => {
  accountId = `acc_${++accounts}`;
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

test('an event arrives signed, under the id of its delivery, and is delivered', async () => {
  const { endpoint, secret } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(200, 'ok');
  await tellAll(ctx, desk);
  const [delivery] = await deliveriesOf(ctx, accountId);
  const [request] = receiver.received as [Received];
  assert.equal(receiver.received.length, 1);
  assert.equal(request.headers['webhook-id'], delivery?.id);
  assert.equal(fault(request, [secret]), undefined);
  assert.equal(JSON.parse(request.body).data.resourceId, 'esm_1');
  const { attempts } = await getDelivery(ctx, { accountId, targetId: endpoint.id, id: delivery?.id ?? '' });
  assert.deepEqual(
    [delivery?.state, delivery?.attempts, delivery?.nextAttemptAt, attempts.length],
    ['delivered', 1, null, 1],
  );
  const [attempt] = attempts;
  assert.deepEqual([attempt?.number, attempt?.status, attempt?.error, attempt?.answer], [1, 200, null, 'ok']);
});

test('what fails is tried again after the wait, under the same id, and each attempt is logged', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500, 'broken');
  await tellAll(ctx, desk);
  await deliverAll(later(ctx, 4_000), desk);
  assert.equal(receiver.received.length, 1, 'not before its time');
  receiver.reply = answer(204);
  await deliverAll(later(ctx, 6_000), desk);
  const [delivery] = await deliveriesOf(ctx, accountId);
  assert.deepEqual([delivery?.state, delivery?.attempts], ['delivered', 2]);
  const ids = receiver.received.map((each) => each.headers['webhook-id']);
  assert.deepEqual(ids, [delivery?.id, delivery?.id]);
  const { attempts } = await getDelivery(ctx, { accountId, targetId: endpoint.id, id: delivery?.id ?? '' });
  assert.deepEqual(
    attempts.map((each) => [each.number, each.status, each.error, each.answer]),
    [
      [1, 500, 'answered 500', 'broken'],
      [2, 204, null, null],
    ],
  );
});

test('of one resource nothing overtakes what fails; other resources are not held up', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1', 'esm_1', 'esm_2', 'esm_1');
  receiver.reply = (request, response) =>
    void response.writeHead(resourceOf(request) === 'esm_1' ? 503 : 204).end();
  await tellAll(ctx, desk);
  await happen(ctx, accountId, 'esm_1', 'esm_2');
  await tellAll(ctx, desk);
  assert.deepEqual(receiver.received.map(resourceOf), ['esm_1', 'esm_2', 'esm_2']);
  receiver.received.length = 0;
  receiver.reply = answer(204);
  await deliverAll(later(ctx, 6_000), desk);
  const made = await deliveriesOf(ctx, accountId);
  assert.deepEqual(
    receiver.received.map((each) => each.headers['webhook-id']),
    made.filter((each) => each.resourceId === 'esm_1').map((each) => each.id),
  );
  assert.ok(made.every((each) => each.state === 'delivered'));
});

test('what nobody took for 24 hours is parked and told, and lets the next one pass', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url, { types: ['esim.installed'] });
  await happen(ctx, accountId, 'esm_1', 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  for (let hours = 0; hours <= 24; hours += 0.25) await deliverAll(later(ctx, hours * hourMs), desk);
  const [first, second] = await deliveriesOf(ctx, accountId);
  assert.deepEqual([first?.state, second?.state], ['parked', 'parked']);
  assert.deepEqual([first?.nextAttemptAt, second?.nextAttemptAt], [null, null]);
  assert.ok((first?.attempts ?? 0) >= 12, `${first?.attempts} attempts`);
  assert.equal(second?.attempts, 1, 'its day was over when its turn came');
  const { events } = await listEvents(ctx, { accountId, types: ['webhook.parked'] });
  assert.deepEqual(
    events.map((each) => [each.resourceId, each.data['target'], each.data['resourceId']]),
    [first, second].map((each) => [each?.id, endpoint.id, 'esm_1']),
  );
});

test('that something is parked is not told to who did not take it, and not told of again', async () => {
  const other = await openReceiver(answer(500));
  const { endpoint: one } = await addEndpoint(ctx, accountId, receiver.url);
  await addEndpoint(ctx, accountId, other.url, { types: ['webhook.parked'] });
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  for (const days of [1, 2, 3, 4]) await tellAll(later(ctx, days * 24 * hourMs), desk);
  const made = await deliveriesOf(ctx, accountId);
  assert.deepEqual(
    made.map((each) => [each.eventType, each.targetId === one.id, each.state]),
    [
      ['esim.installed', true, 'parked'],
      ['webhook.parked', false, 'parked'],
    ],
  );
  await other.close();
});

test('a delivery whose node was killed is sent again when its claim has run out', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1', 'esm_1');
  await fanOut(ctx);
  const claimed = await claimDeliveries(ctx, { free: 10, freePerHost: 10, freeOf: new Map() });
  assert.equal(claimed.length, 1);
  await deliverAll(ctx, desk);
  assert.equal(receiver.received.length, 0, 'while the claim holds nobody else sends it');
  await query(
    ctx.db,
    `update webhooks.deliveries set claimed_until = now() - interval '1 second' where id = $1`,
    [claimed[0]?.delivery.id],
  );
  await deliverAll(ctx, desk);
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map((each) => each.state),
    ['delivered', 'delivered'],
  );
});

test('the outcome of a claim that has passed to another node changes nothing', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  await fanOut(ctx);
  receiver.reply = async (request, response) => {
    if (receiver.received.length > 1) return void response.writeHead(204).end();
    await query(
      ctx.db,
      `update webhooks.deliveries set claimed_until = now() - interval '1 second' where account_id = $1`,
      [request.url && accountId],
    );
    await other.deliverDue(ctx);
    await other.settle();
    response.writeHead(500).end();
  };
  const other = openDesk();
  await deliverAll(ctx, desk);
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map((each) => [each.state, each.attempts]),
    [['delivered', 1]],
  );
});

test('a receiver that says 410 is disabled, and what waits for it is dropped', async () => {
  const { endpoint } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1', 'esm_1', 'esm_2');
  receiver.reply = answer(410);
  await tellAll(ctx, openDesk({ requestsPerHostMax: 1 }));
  assert.equal((await getEndpoint(ctx, { accountId, id: endpoint.id })).enabled, false);
  assert.ok((await deliveriesOf(ctx, accountId)).every((each) => each.state === 'dropped'));
  assert.equal(receiver.received.length, 1);
});

test('Retry-After moves the next attempt', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(429, '', { 'retry-after': '600' });
  await tellAll(ctx, desk);
  const [delivery] = await deliveriesOf(ctx, accountId);
  const waitS = ((delivery?.nextAttemptAt?.getTime() ?? 0) - ctx.now.getTime()) / 1000;
  assert.ok(waitS >= 600 && waitS < 603, `${waitS}`);
});

test('for a day after a rotation both secrets sign', async () => {
  const { endpoint, secret: old } = await addEndpoint(ctx, accountId, receiver.url);
  const { secret } = await write(ctx, {}, (tx) => rotateSecret(tx, { accountId, id: endpoint.id }));
  await happen(ctx, accountId, 'esm_1');
  await tellAll(ctx, desk);
  const [both] = receiver.received as [Received];
  for (const known of [old, secret]) assert.equal(fault(both, [known]), undefined);
  const tomorrow = later(ctx, 24 * hourMs);
  await happen(tomorrow, accountId, 'esm_2');
  await tellAll(tomorrow, desk);
  const after = receiver.received[1] as Received;
  assert.equal(fault(after, [secret]), undefined);
  assert.equal(fault(after, [old]), 'no signature fits');
});

test('an endpoint that leads to a forbidden address is never called', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  const { createOutgoing } = await import('../outgoing/send_request.ts');
  const strict = createOutgoing();
  await tellAll(ctx, openDesk({ outgoing: strict }));
  const [delivery] = await deliveriesOf(ctx, accountId);
  assert.deepEqual([delivery?.state, delivery?.attempts, receiver.received.length], ['pending', 1, 0]);
  strict.close();
});

test('one desk never has more requests at a host than it may, and a node takes no more than it has room for', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  let open = 0;
  let most = 0;
  receiver.reply = (_request, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      response.writeHead(204).end();
    }, 10);
  };
  await happen(ctx, accountId, ...Array.from({ length: 20 }, (_, n) => `esm_${n}`));
  await tellAll(ctx, openDesk({ requestsPerHostMax: 3 }));
  assert.deepEqual([most, receiver.received.length], [3, 20]);
});

test('a delivery left waiting behind nothing is found by housekeeping', async () => {
  await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1', 'esm_1', 'esm_2');
  await fanOut(ctx);
  assert.equal(await releaseStuckDeliveries(ctx), 0);
  await query(
    ctx.db,
    `delete from webhooks.deliveries where account_id = $1 and resource_id = 'esm_1' and next_attempt_at < 'infinity'`,
    [accountId],
  );
  assert.equal(await releaseStuckDeliveries(ctx), 1);
  await deliverAll(ctx, desk);
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map((each) => each.state),
    ['delivered', 'delivered'],
  );
});

test('no secret was logged, nor kept in the clear', async () => {
  const { endpoint, secret } = await addEndpoint(ctx, accountId, receiver.url);
  await happen(ctx, accountId, 'esm_1');
  receiver.reply = answer(500);
  await tellAll(ctx, desk);
  const [{ stored }] = (await query<{ stored: string }>(
    ctx.db,
    `select (select json_agg(t)::text from webhooks.targets t where id = $1)
      || (select json_agg(a)::text from webhooks.attempts a) || encode(t.secrets, 'escape') as stored
     from webhooks.targets t where id = $1`,
    [endpoint.id],
  )) as [{ stored: string }];
  const core = secret.slice('whsec_'.length);
  assert.ok(!stored.includes(core) && !stored.includes('whsec_'));
  assert.ok(!JSON.stringify(lines).includes('whsec_'));
});

function fault({ headers, body }: Received, secrets: string[]): string | undefined {
  return findStandardFault({ headers, body: Buffer.from(body), secrets, now: new Date() });
}

function resourceOf({ body }: Received): string {
  return JSON.parse(body).data.resourceId;
}
