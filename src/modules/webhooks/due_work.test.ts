import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createAccount, setClock } from '../accounts/index.ts';
import { findStandardFault } from './dialects/standard.ts';
import { webhooksDueWork } from './due_work.ts';
import { fanOut } from './fan_out.ts';
import { answer, openReceiver } from './test_receiver.ts';
import { addEndpoint, deliverAll, deliveriesOf, happen, hourMs, later, openDesk } from './test_webhooks.ts';

const ctx = testCtx(await testDatabase(), new Date());
const receiver = await openReceiver();
after(() => receiver.close());
const desk = openDesk({ random: () => 1 });
const work = webhooksDueWork(desk);

test('an account without webhooks has nothing due', async () => {
  await happen(ctx, 'acc_none', 'esm_1');
  assert.equal(await work.nextDueAt(ctx, 'acc_none'), null);
});

test('what is to be told is due at once, and sent when the work of that moment is done', async () => {
  await addEndpoint(ctx, 'acc_a', receiver.url);
  await happen(ctx, 'acc_a', 'esm_1', 'esm_1');
  const moment = later(ctx, 5 * hourMs);
  assert.deepEqual(await work.nextDueAt(moment, 'acc_a'), moment.now);
  await finish(moment, 'acc_a');
  assert.equal(receiver.received.length, 2);
  assert.equal(await work.nextDueAt(moment, 'acc_a'), null);
});

test('the waits and the parking of a moved clock follow that clock', async () => {
  receiver.reply = answer(500);
  receiver.received.length = 0;
  const { endpoint, secret } = await addEndpoint(ctx, 'acc_b', receiver.url, { types: ['esim.installed'] });
  await happen(ctx, 'acc_b', 'esm_1');
  const moments: number[] = [];
  let moment = ctx;
  for (
    let due = await work.nextDueAt(ctx, 'acc_b');
    due !== null;
    due = await work.nextDueAt(moment, 'acc_b')
  ) {
    moment = { ...ctx, now: due };
    moments.push((due.getTime() - ctx.now.getTime()) / 1000);
    await finish(moment, 'acc_b');
  }
  assert.deepEqual(moments.slice(0, 5), [0, 5, 20, 65, 200]);
  assert.equal(moments.at(-1), 86_400);
  const [delivery] = await deliveriesOf(ctx, 'acc_b');
  assert.deepEqual(
    [delivery?.targetId, delivery?.state, delivery?.endedAt],
    [endpoint.id, 'parked', later(ctx, 24 * hourMs).now],
  );
  // The receiver's clock is not the sandbox's.
  const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' };
  const fault = findStandardFault({ headers, body: Buffer.from(body), secrets: [secret], now: new Date() });
  assert.equal(fault, undefined);
});

test('the usual loop serves an account whose clock is ahead by its own time', async () => {
  receiver.reply = answer(204);
  const { id } = await write(ctx, {}, (tx) =>
    createAccount(tx, { name: 'Box', kind: 'sandbox', currency: 'EUR' }),
  );
  const ahead = later(ctx, 48 * hourMs);
  await write(ctx, {}, (tx) => setClock(tx, [id], ahead.now));
  await addEndpoint(ahead, id, receiver.url);
  await happen(ahead, id, 'esm_1');
  // Some of what happens is still told at the time of the wall clock.
  const wall = { ...ctx, now: new Date() };
  await happen(wall, id, 'esm_2');
  while ((await fanOut(wall)) > 0);
  const made = await deliveriesOf(ctx, id);
  for (const each of made) assert.ok((each.nextAttemptAt ?? ctx.now) > later(ctx, 47 * hourMs).now);
  await deliverAll(wall, desk);
  assert.deepEqual(
    (await deliveriesOf(ctx, id)).map((each) => each.state),
    ['delivered', 'delivered'],
  );
});

async function finish(moment: typeof ctx, accountId: string): Promise<void> {
  for (let due = await work.nextDueAt(moment, accountId); due !== null && due <= moment.now; ) {
    await work.runDue(moment, accountId);
    due = await work.nextDueAt(moment, accountId);
  }
}
