import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { fanOut } from '../fan_out.ts';
import { deliveriesOf, happenAs } from '../test_webhooks.ts';
import { findCallbacks, type NewCallback, removeCallbacks, setCallback } from './callbacks.ts';
import { openSecrets } from './secrets.ts';
import { callbacksPerResourceMax } from './target.ts';

const ctx = testCtx(await testDatabase());
const url = 'https://receiver.example/hook';
const elsewhere = 'https://other.example/';

const set = (input: Partial<NewCallback> & Pick<NewCallback, 'accountId'>) =>
  write(ctx, {}, (tx) =>
    setCallback(tx, {
      resourceId: 'sim_1',
      topic: 'sim',
      url,
      method: 'POST',
      dialect: 'twilio',
      types: ['sim.updated'],
      secret: 'token',
      ...input,
    }),
  );
const passOn = async () => {
  while ((await fanOut(ctx)) > 0);
};
const secretsOf = async (id: string) => {
  const [row] = await query<{ secrets: Buffer }>(
    ctx.db,
    'select secrets from webhooks.targets where id = $1',
    [id],
  );
  return openSecrets(ctx.vault, id, row?.secrets ?? Buffer.alloc(0)).map(({ secret }) => secret);
};

test('a resource has one callback for each topic: the new one takes the place of the old, in every part', async () => {
  const accountId = 'acc_a';
  const first = await set({ accountId });
  await happenAs(ctx, accountId, 'sim.updated', 'sim_1');
  await passOn();
  const change = {
    url: elsewhere,
    method: 'GET',
    dialect: 'kore',
    types: ['sim.attached', 'sim.detached'],
    secret: 'other',
  } as const;
  const second = await set({ accountId, ...change });
  const { secret: _, ...shown } = change;
  assert.deepEqual(second, { ...first, ...shown, types: [...shown.types] });
  assert.deepEqual(await findCallbacks(ctx, { accountId, resourceIds: ['sim_1'] }), [second]);
  assert.deepEqual(await secretsOf(first.id), ['other']);
  const [waiting] = await query<{ host: string; state: string }>(
    ctx.db,
    'select host, state from webhooks.deliveries where target_id = $1',
    [first.id],
  );
  assert.deepEqual(waiting, { host: 'https://other.example', state: 'pending' });
  await happenAs(ctx, accountId, 'sim.updated', 'sim_1');
  await happenAs(ctx, accountId, 'sim.attached', 'sim_1');
  await passOn();
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map(({ eventType }) => eventType),
    ['sim.updated', 'sim.attached'],
  );
});

test('callbacks set at once for the same topic are one', async () => {
  const accountId = 'acc_b';
  await Promise.all(Array.from({ length: 8 }, (_, n) => set({ accountId, url: `${url}${n}` })));
  assert.equal((await findCallbacks(ctx, { accountId, resourceIds: ['sim_1'] })).length, 1);
});

test('a callback is removed by its topic, or with all of its resource, and what waits for it is dropped', async () => {
  const accountId = 'acc_c';
  for (const topic of ['sim', 'sms', 'ip']) await set({ accountId, topic });
  await happenAs(ctx, accountId, 'sim.updated', 'sim_1');
  await passOn();
  const topics = async () =>
    (await findCallbacks(ctx, { accountId, resourceIds: ['sim_1'] })).map(({ topic }) => topic);
  const remove = (topic?: string) =>
    write(ctx, {}, (tx) =>
      removeCallbacks(tx, { accountId, resourceId: 'sim_1', ...(topic !== undefined && { topic }) }),
    );
  assert.equal(await remove('sms'), 1);
  assert.equal(await remove('sms'), 0);
  assert.deepEqual(await topics(), ['sim', 'ip']);
  assert.equal(await remove(), 2);
  assert.deepEqual(await topics(), []);
  assert.deepEqual(
    (await deliveriesOf(ctx, accountId)).map(({ state }) => state),
    ['dropped', 'dropped', 'dropped'],
  );
});

test('callbacks of many resources are found in one question, and only those of the account', async () => {
  for (const accountId of ['acc_d', 'acc_e'])
    for (const resourceId of ['flt_1', 'flt_2', 'flt_3']) await set({ accountId, resourceId });
  const found = await findCallbacks(ctx, {
    accountId: 'acc_d',
    resourceIds: ['flt_1', 'flt_3', 'flt_1', ''],
  });
  assert.deepEqual(
    found.map(({ accountId, resourceId }) => [accountId, resourceId]),
    [
      ['acc_d', 'flt_1'],
      ['acc_d', 'flt_3'],
    ],
  );
  assert.deepEqual(await findCallbacks(ctx, { accountId: 'acc_d', resourceIds: [] }), []);
});

test('a resource has at most 20 callbacks, and no malformed URL is kept', async () => {
  const accountId = 'acc_f';
  for (let n = 0; n < callbacksPerResourceMax; n++) await set({ accountId, topic: `topic ${n}` });
  await assert.rejects(set({ accountId, topic: 'one more' }), { code: 'conflict' });
  await set({ accountId, topic: 'topic 3', url: elsewhere });
  await assert.rejects(set({ accountId, topic: 'topic 3', url: 'ftp://receiver.example/' }), {
    code: 'invalid_request',
  });
});
